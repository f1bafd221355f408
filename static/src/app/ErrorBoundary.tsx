import { Component, type ReactNode } from 'react'

import { Button } from '../ui/Button'
import { Notice } from '../ui/Notice'

interface Props {
  /** What it guards, in words: "This page". */
  what: string
  /** A change of it, such as another address, is a new try. */
  resetKey?: string
  children: ReactNode
}

/** A fault in one part leaves the rest of the page alive. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidUpdate(before: Props) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null })
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <div className="page">
        <Notice kind="error">
          <p>
            {this.props.what} stopped working. What was saved is safe; edits of this device are kept. ({this.state.error.message})
          </p>
          <Button onClick={() => location.reload()}>Reload</Button>
        </Notice>
      </div>
    )
  }
}
