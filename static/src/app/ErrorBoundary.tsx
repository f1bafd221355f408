import { Component, type ReactNode } from 'react'

import { Button } from '../ui/Button'
import { Notice } from '../ui/Notice'

interface Props {
  /** What it guards, in words: "This page". */
  what: string
  children: ReactNode
}

/** A fault in one part leaves the rest of the page alive. A new key is a new try. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
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
