/** Where the web app starts. */

import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'

import { makeQueryClient } from './api/queries'
import { App } from './app/App'
import { followClicks } from './push/opened'
import { ToastProvider } from './ui/Toasts'
import './styles/index.css'

// In development the modules come from Vite, and nothing of them may be kept.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => undefined)
followClicks()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <QueryClientProvider client={makeQueryClient()}>
    <ToastProvider>
      <App />
    </ToastProvider>
  </QueryClientProvider>,
)
