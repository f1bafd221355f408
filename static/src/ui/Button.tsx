import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'plain' | 'main' | 'danger' | 'quiet'
  /** It is being done: the button says so and takes no second press. */
  busy?: boolean
  children: ReactNode
}

export function Button({ look = 'plain', busy = false, type = 'button', children, ...rest }: Props) {
  return (
    <button {...rest} type={type} className={`button button-${look}`} aria-busy={busy} disabled={busy || rest.disabled}>
      {children}
      {busy && <span className="spinner" aria-hidden="true" />}
    </button>
  )
}
