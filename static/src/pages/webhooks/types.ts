/** Which events a webhook is sent: whole families by a tick, others by their types. */

export const FAMILIES: readonly { label: string; patterns: readonly string[] }[] = [
  { label: 'Comments and threads', patterns: ['counterpoint.comment.*', 'counterpoint.thread.*', 'counterpoint.anchor.*'] },
  { label: 'Documents', patterns: ['counterpoint.document.*'] },
  { label: 'Members and invitations', patterns: ['counterpoint.member.*', 'counterpoint.invitation.*'] },
  { label: 'Workspaces', patterns: ['counterpoint.workspace.*'] },
]

export interface TypeChoice {
  everything: boolean
  families: readonly string[]
  /** What else, one type a line. */
  others: string
}

export function choiceOf(types: readonly string[]): TypeChoice {
  if (types.includes('*')) return { everything: true, families: [], others: '' }
  const families = FAMILIES.filter(({ patterns }) => patterns.every((each) => types.includes(each)))
  const covered = new Set(families.flatMap(({ patterns }) => patterns))
  return { everything: false, families: families.map(({ label }) => label), others: types.filter((each) => !covered.has(each)).join('\n') }
}

export function typesOf({ everything, families, others }: TypeChoice): string[] {
  if (everything) return ['*']
  const ticked = FAMILIES.filter(({ label }) => families.includes(label)).flatMap(({ patterns }) => patterns)
  return [...new Set([...ticked, ...others.split(/[\s,]+/).filter(Boolean)])]
}

/** For a list: "Everything", or what is ticked and how much more there is. */
export function typeWords(types: readonly string[]): string {
  const { everything, families, others } = choiceOf(types)
  if (everything) return 'Everything'
  return [...families, ...(others ? others.split('\n') : [])].join(', ')
}
