/** A type of event as people read it: counterpoint.comment.added.v1 is "Comment added". */
export function typeWords(type: string): string {
  const words = type.replace(/^counterpoint\./, '').replace(/\.v\d+$/, '').replace(/[._]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
