/** What the server says it cannot read of a document: everybody who has it open has all of it all the same. */

/** How many changes the server leaves out; 0 when it reads everything. */
export function unreadIn(said: { content?: unknown; rows?: unknown }): number {
  if (said.content !== 'partial') return 0
  return typeof said.rows === 'number' && said.rows > 0 ? Math.floor(said.rows) : 1
}

export function unreadWords(changes: number): string {
  const what = changes === 1 ? 'One change' : `${changes} changes`
  const them = changes === 1 ? 'it' : 'them'
  return (
    `${what} to this document cannot be read by the server. Nothing is lost here: everybody who opens the document has ${them}. ` +
    `Lists, exports and the API show the document without ${them}.`
  )
}
