import { useEffect } from 'react'
import { usePreferences } from '../app/preferences.ts'
import { playTone } from './tone.ts'

const againMs = 3_000
const lockName = 'onequeue.ring'

/**
 * Rings while there is something to answer. Of all tabs of this browser one alone sounds: the one that
 * holds the lock; where locks are missing (plain HTTP), tabs that are in front do.
 */
export function useRinging(ringing: boolean): void {
  const sound = usePreferences((p) => p.sound)
  useEffect(() => {
    if (!ringing || !sound) return
    const stop = new AbortController()
    const ring = (): Promise<void> =>
      new Promise((done) => {
        void playTone()
        const timer = setInterval(() => void playTone(), againMs)
        stop.signal.addEventListener('abort', () => {
          clearInterval(timer)
          done()
        })
      })
    if (navigator.locks) navigator.locks.request(lockName, { signal: stop.signal }, ring).catch(() => {})
    else if (document.visibilityState === 'visible') void ring()
    return () => stop.abort()
  }, [ringing, sound])
}
