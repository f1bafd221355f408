import { useEffect, useRef } from 'react'

/** After a change of page: begin at its top, and let the keyboard and the screen reader begin there too. */
export function useArrival(path: string): void {
  const last = useRef(path)
  useEffect(() => {
    if (last.current === path) return
    last.current = path
    scrollTo(0, 0)
    document.getElementById('content')?.focus({ preventScroll: true })
  }, [path])
}
