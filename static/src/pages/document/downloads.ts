/** The local copy as a file: it needs no server. */

import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import type { Doc } from 'yjs'

import { toMarkdown, type Node } from '../../editor/markdown'
import { FIELD } from '../../editor/field'

export function downloadMarkdown(doc: Doc, title: string): void {
  save(`# ${title}\n\n${markdownOf(doc)}`, 'text/markdown', `${fileName(title)}.md`)
}

export function downloadJson(doc: Doc, title: string): void {
  save(JSON.stringify(contentOf(doc), null, 2), 'application/json', `${fileName(title)}.json`)
}

export function markdownOf(doc: Doc): string {
  return toMarkdown(contentOf(doc))
}

function contentOf(doc: Doc): Node {
  return yXmlFragmentToProsemirrorJSON(doc.getXmlFragment(FIELD)) as unknown as Node
}

function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N} ._-]/gu, '').trim().slice(0, 80) || 'document'
}

function save(text: string, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
