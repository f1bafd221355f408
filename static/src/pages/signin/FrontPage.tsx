import type { ReactNode } from 'react'

import { ThemeButton } from '../../app/ThemeButton'

/** The frame of the pages for people who are not signed in. */
export function FrontPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="front">
      <header className="front-top">
        <ThemeButton />
      </header>
      <main id="content" className="card front-card" tabIndex={-1}>
        <p className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>Counterpoint</span>
        </p>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}
