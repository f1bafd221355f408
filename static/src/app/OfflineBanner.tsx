import { useOnline } from './useOnline'

/** One line above everything while the browser has no network. */
export function OfflineBanner() {
  if (useOnline()) return null
  return (
    <div className="banner" role="status">
      You are offline. Open documents can still be edited; everything is sent when the network is back.
    </div>
  )
}
