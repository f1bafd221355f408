/** The list of keyboard shortcuts, opened with "?". */

import { useEffect, useState } from 'react'

import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const MOD = isMac ? '⌘' : 'Ctrl'
const ALT = isMac ? '⌥' : 'Alt'

const GROUPS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['Everywhere', [['This list', '?'], ['Close a dialog', 'Esc']]],
  [
    'Inbox',
    [
      ['The next, the one before', 'j, k'],
      ['Open it', 'Enter'],
      ['Mark as read, as unread', 'e, u'],
      ['Acknowledge a call', 'a'],
      ['Remove it', 'Delete'],
    ],
  ],
  [
    'Text',
    [
      ['Bold', `${MOD} B`],
      ['Italic', `${MOD} I`],
      ['Underline', `${MOD} U`],
      ['Strikethrough', `${MOD} Shift S`],
      ['Code', `${MOD} E`],
      ['Link', `${MOD} K`],
    ],
  ],
  [
    'Blocks',
    [
      ['Paragraph', `${MOD} ${ALT} 0`],
      ['Heading 1 to 3', `${MOD} ${ALT} 1…3`],
      ['Numbered list', `${MOD} Shift 7`],
      ['Bulleted list', `${MOD} Shift 8`],
      ['Task list', `${MOD} Shift 9`],
      ['Quote', `${MOD} Shift B`],
      ['Code block', `${MOD} ${ALT} C`],
      ['Indent, outdent a list', 'Tab, Shift Tab'],
    ],
  ],
  [
    'Editing',
    [
      ['Undo your last edit', `${MOD} Z`],
      ['Redo', `${MOD} Shift Z`],
      ['Comment on what is selected', `${MOD} ${ALT} M`],
      ['Send a comment', `${MOD} Enter`],
      ['To the toolbar', `${ALT} F10`],
      ['Leave the text', 'Esc'],
    ],
  ],
]

export function Shortcuts() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      event.preventDefault()
      setOpen(true)
    }
    const onAsk = () => setOpen(true)
    document.addEventListener('keydown', onKey)
    document.addEventListener(ASKED, onAsk)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener(ASKED, onAsk)
    }
  }, [])
  return open ? <ShortcutList onClose={() => setOpen(false)} /> : null
}

const ASKED = 'counterpoint:shortcuts'

/** Open the list from a button. */
export const showShortcuts = () => document.dispatchEvent(new Event(ASKED))

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" look="wide" onClose={onClose}>
      <div className="shortcuts">
        {GROUPS.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([name, keys]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    <kbd>{keys}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="actions">
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
