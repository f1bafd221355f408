/** A notification of the page that this tab has open was clicked: the service worker says where to go on it. */

import { navigate } from 'wouter/use-browser-location'

export function followClicks(): void {
  navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ open?: unknown }>) => {
    if (typeof data?.open === 'string' && data.open.startsWith('/')) navigate(data.open)
  })
}
