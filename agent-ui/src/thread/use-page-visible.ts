import { useSyncExternalStore } from 'react'

function onChange(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

/** Whether the page is in front of somebody, as far as the browser knows. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(onChange, () => document.visibilityState === 'visible')
}
