/** Fields with a label, a hint and an error, tied together for screen readers. */

import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'

interface About {
  label: string
  hint?: string | undefined
  error?: string | undefined
}

interface Wiring {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

function Field({ label, hint, error, children }: About & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p className="field-error" id={`${id}-error`} role="alert">{error}</p>}
    </div>
  )
}

export function TextField({ label, hint, error, ...rest }: About & InputHTMLAttributes<HTMLInputElement>) {
  return <Field {...{ label, hint, error }}>{(wiring) => <input {...rest} {...wiring} className="input" />}</Field>
}

export function AreaField({ label, hint, error, ...rest }: About & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <Field {...{ label, hint, error }}>{(wiring) => <textarea {...rest} {...wiring} className="input" />}</Field>
}

export function SelectField<T extends string>({
  label,
  hint,
  error,
  options,
  ...rest
}: About & SelectHTMLAttributes<HTMLSelectElement> & { options: Readonly<Record<T, string>> }) {
  return (
    <Field {...{ label, hint, error }}>
      {(wiring) => (
        <select {...rest} {...wiring} className="input">
          <Options of={options} />
        </select>
      )}
    </Field>
  )
}

export function Options<T extends string>({ of }: { of: Readonly<Record<T, string>> }) {
  return Object.entries<string>(of).map(([value, text]) => (
    <option key={value} value={value}>
      {text}
    </option>
  ))
}
