/** The text of a comment, built of React nodes: nothing that somebody wrote is ever read as HTML. */

import { Fragment, memo, type ReactNode } from 'react'

import { parse, type Block, type Inline } from './markdown'

export const Body = memo(function Body({ content, me }: { content: string; me: string }) {
  return (
    <div className="comment-body" dir="auto">
      {parse(content).map((block, index) => (
        <BlockView key={index} block={block} me={me} />
      ))}
    </div>
  )
})

function BlockView({ block, me }: { block: Block; me: string }): ReactNode {
  switch (block.kind) {
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return (
        <blockquote>
          {block.children.map((each, index) => (
            <BlockView key={index} block={each} me={me} />
          ))}
        </blockquote>
      )
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((item, index) => (
            <li key={index}>
              <Words of={item} me={me} />
            </li>
          ))}
        </List>
      )
    }
    case 'paragraph':
      return (
        <p>
          <Words of={block.children} me={me} />
        </p>
      )
  }
}

const Words = ({ of, me }: { of: Inline[]; me: string }) =>
  of.map((word, index) => <Fragment key={index}>{shown(word, me)}</Fragment>)

function shown(word: Inline, me: string): ReactNode {
  switch (word.kind) {
    case 'text':
      return word.text
    case 'code':
      return <code>{word.text}</code>
    case 'strong':
      return <strong><Words of={word.children} me={me} /></strong>
    case 'em':
      return <em><Words of={word.children} me={me} /></em>
    case 'strike':
      return <s><Words of={word.children} me={me} /></s>
    case 'link':
      return (
        <a href={word.href} target="_blank" rel="noopener noreferrer nofollow ugc">
          <Words of={word.children} me={me} />
        </a>
      )
    case 'mention':
      return <span className={word.id === me ? 'mention mention-me' : 'mention'}>@{word.name}</span>
  }
}
