/** The commands of the toolbar. The keys are TipTap's own. */

import type { Editor } from '@tiptap/react'

import type { IconName } from '../ui/Icon'

export interface Command {
  name: string
  label: string
  keys?: string
  icon: IconName
  /** Without it the command asks for something first (a link's address). */
  run?: (editor: Editor) => void
  isActive?: (editor: Editor) => boolean
  can?: (editor: Editor) => boolean
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

export function labelOf({ label, keys }: Command): string {
  if (!keys) return label
  const shown = isMac ? keys.replace('Ctrl+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧') : keys
  return `${label} (${shown})`
}

const marks: Command[] = [
  mark('bold', 'Bold', 'Ctrl+B', 'bold', (editor) => editor.chain().focus().toggleBold().run()),
  mark('italic', 'Italic', 'Ctrl+I', 'italic', (editor) => editor.chain().focus().toggleItalic().run()),
  mark('underline', 'Underline', 'Ctrl+U', 'underline', (editor) => editor.chain().focus().toggleUnderline().run()),
  mark('strike', 'Strikethrough', 'Ctrl+Shift+S', 'strike', (editor) => editor.chain().focus().toggleStrike().run()),
  mark('code', 'Code', 'Ctrl+E', 'code', (editor) => editor.chain().focus().toggleCode().run()),
  { name: 'link', label: 'Link', keys: 'Ctrl+K', icon: 'link', isActive: (editor) => editor.isActive('link') },
]

const blocks: Command[] = [
  mark('bulletList', 'Bulleted list', 'Ctrl+Shift+8', 'bullets', (editor) => editor.chain().focus().toggleBulletList().run()),
  mark('orderedList', 'Numbered list', 'Ctrl+Shift+7', 'numbers', (editor) => editor.chain().focus().toggleOrderedList().run()),
  mark('taskList', 'Task list', 'Ctrl+Shift+9', 'tasks', (editor) => editor.chain().focus().toggleTaskList().run()),
  mark('blockquote', 'Quote', 'Ctrl+Shift+B', 'quote', (editor) => editor.chain().focus().toggleBlockquote().run()),
  mark('codeBlock', 'Code block', 'Ctrl+Alt+C', 'codeblock', (editor) => editor.chain().focus().toggleCodeBlock().run()),
  { name: 'rule', label: 'Divider', icon: 'rule', run: (editor) => editor.chain().focus().setHorizontalRule().run() },
]

const history: Command[] = [
  {
    name: 'undo',
    label: 'Undo your last edit',
    keys: 'Ctrl+Z',
    icon: 'undo',
    run: (editor) => editor.chain().focus().undo().run(),
    can: (editor) => editor.can().undo(),
  },
  {
    name: 'redo',
    label: 'Redo',
    keys: 'Ctrl+Shift+Z',
    icon: 'redo',
    run: (editor) => editor.chain().focus().redo().run(),
    can: (editor) => editor.can().redo(),
  },
]

export const COMMENT: Command = { name: 'comment', label: 'Comment', keys: 'Ctrl+Alt+M', icon: 'comment' }

export const GROUPS: readonly (readonly Command[])[] = [marks, blocks, history]

function mark(name: string, label: string, keys: string, icon: IconName, run: (editor: Editor) => void): Command {
  return { name, label, keys, icon, run, isActive: (editor) => editor.isActive(name) }
}
