import { useSyncExternalStore } from 'react'

/** Whether the window is at most this wide, CSS pixels. */
export function useNarrow(maxPx: number): boolean {
  const query = `(max-width: ${maxPx}px)`
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}
