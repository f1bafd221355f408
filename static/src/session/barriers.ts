/** When barriers are sent, and when an echo is overdue. */

const AFTER_EDIT_MS = 150
const OVERDUE_MS = 5_000

export class Barriers {
  private number = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private overdue: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly send: (number: number) => void,
    private readonly onOverdue: () => void,
  ) {}

  /** An edit was made: a barrier follows it soon. */
  edited(): void {
    this.timer ??= setTimeout(() => this.now(), AFTER_EDIT_MS)
  }

  now(patience: number = OVERDUE_MS): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.number += 1
    this.send(this.number)
    this.overdue ??= setTimeout(this.onOverdue, patience)
  }

  echoed(): void {
    clearTimeout(this.overdue)
    this.overdue = undefined
  }

  /** The connection is gone, and with it everything that waits. */
  reset(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.echoed()
  }
}
