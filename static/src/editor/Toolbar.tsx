/** What can be done to the selected text. One stop of the Tab key; the arrows move within. */

import { useEditorState, type Editor } from '@tiptap/react'
import { useState, type FocusEvent, type KeyboardEvent, type Ref } from 'react'

import { Icon } from '../ui/Icon'
import { COMMENT, GROUPS, labelOf, type Command } from './commands'
import { StyleSelect } from './StyleSelect'

interface Props {
  editor: Editor
  onLink: () => void
  onComment: (() => void) | undefined
  ref: Ref<HTMLDivElement>
}

export function Toolbar({ editor, onLink, onComment, ref }: Props) {
  const [current, setCurrent] = useState('style')
  const state = useEditorState({ editor, selector: ({ editor }) => stateOf(editor) })
  const stop = (name: string) => (name === current ? 0 : -1)
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const name = (event.target as HTMLElement).dataset.name
    if (name) setCurrent(name)
  }
  return (
    <div ref={ref} role="toolbar" aria-label="Formatting" aria-orientation="horizontal" className="toolbar" onKeyDown={onArrow} onFocus={onFocus}>
      <StyleSelect editor={editor} tabIndex={stop('style')} />
      {GROUPS.map((group, index) => (
        <div key={index} role="group" className="toolbar-group">
          {group.map((command) => (
            <ToolButton
              key={command.name}
              command={command}
              tabIndex={stop(command.name)}
              pressed={state.active.includes(command.name)}
              disabled={state.disabled.includes(command.name)}
              onPress={() => (command.run ? command.run(editor) : onLink())}
            />
          ))}
        </div>
      ))}
      {onComment && (
        <div role="group" className="toolbar-group">
          <ToolButton command={COMMENT} tabIndex={stop(COMMENT.name)} pressed={false} disabled={false} onPress={onComment} />
        </div>
      )}
    </div>
  )
}

function stateOf(editor: Editor): { active: string[]; disabled: string[] } {
  const all = GROUPS.flat()
  return {
    active: all.filter((command) => command.isActive?.(editor)).map((command) => command.name),
    disabled: all.filter((command) => command.can && !command.can(editor)).map((command) => command.name),
  }
}

interface ButtonProps {
  command: Command
  tabIndex: number
  pressed: boolean
  disabled: boolean
  onPress: () => void
}

function ToolButton({ command, tabIndex, pressed, disabled, onPress }: ButtonProps) {
  const label = labelOf(command)
  return (
    <button
      type="button"
      className="tool"
      data-name={command.name}
      tabIndex={tabIndex}
      aria-label={command.label}
      title={label}
      aria-pressed={command.isActive ? pressed : undefined}
      aria-disabled={disabled}
      // The selection stays in the text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => !disabled && onPress()}
    >
      <Icon name={command.icon} />
    </button>
  )
}

function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key]
  if (step === undefined || event.target instanceof HTMLSelectElement === (step === Infinity || step === -Infinity)) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-name]')]
  const here = stops.indexOf(event.target as HTMLElement)
  const next = Math.min(stops.length - 1, Math.max(0, here + step))
  event.preventDefault()
  stops[next]?.focus()
}
