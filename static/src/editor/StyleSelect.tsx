import { useEditorState, type Editor } from '@tiptap/react'

import { Options } from '../ui/Field'

const STYLES = { paragraph: 'Text', '1': 'Heading 1', '2': 'Heading 2', '3': 'Heading 3', '4': 'Heading 4', '5': 'Heading 5', '6': 'Heading 6' }

type Level = 1 | 2 | 3 | 4 | 5 | 6

/** What the paragraph is: text, or a heading of some level. */
export function StyleSelect({ editor, tabIndex }: { editor: Editor; tabIndex: number }) {
  const style = useEditorState({ editor, selector: ({ editor }) => styleOf(editor) })
  const choose = (value: string) => {
    const chain = editor.chain().focus()
    if (value === 'paragraph') chain.setParagraph().run()
    else chain.setHeading({ level: Number(value) as Level }).run()
  }
  return (
    <select
      className="input input-small tool-select"
      aria-label="Style of the paragraph"
      data-name="style"
      tabIndex={tabIndex}
      value={style}
      onChange={(event) => choose(event.target.value)}
    >
      <Options of={STYLES} />
    </select>
  )
}

function styleOf(editor: Editor): string {
  return editor.isActive('heading') ? String(editor.getAttributes('heading').level) : 'paragraph'
}
