/** Short messages at the edge of the page, with an action such as "Undo". They stay long enough to be read. */

import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'

import { Button } from './Button'
import { Icon } from './Icon'

interface Toast {
  id: number
  text: string
  kind: 'info' | 'error'
  action?: { label: string; run: () => void } | undefined
}

type Say = (text: string, options?: { kind?: Toast['kind']; action?: Toast['action'] }) => void

const LASTS_MS = 10_000
const Context = createContext<Say>(() => undefined)

export const useToast = (): Say => useContext(Context)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const counter = useRef(0)
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const say = useCallback<Say>(
    (text, { kind = 'info', action } = {}) => {
      const id = ++counter.current
      setToasts((all) => [...all.slice(-2), { id, text, kind, action }])
      setTimeout(() => dismiss(id), LASTS_MS)
    },
    [dismiss],
  )
  const shown = useMemo(() => toasts.map((toast) => <ToastBar key={toast.id} toast={toast} onClose={dismiss} />), [toasts, dismiss])
  return (
    <Context value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {shown}
      </div>
    </Context>
  )
}

function ToastBar({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  const act = () => {
    toast.action?.run()
    onClose(toast.id)
  }
  return (
    <div className={`toast toast-${toast.kind}`}>
      <span>{toast.text}</span>
      {toast.action && <Button onClick={act}>{toast.action.label}</Button>}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onClose(toast.id)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
