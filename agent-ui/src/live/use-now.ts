import { useEffect, useState } from 'react'
import { serverNow } from './clock.ts'

/**
 * The server's time, renewed every so often while the component is mounted.
 * @param stepMs time between renewals; components that only show minutes take 30,000
 */
export function useNow(stepMs = 1_000): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    setNow(serverNow())
    const timer = setInterval(() => setNow(serverNow()), stepMs)
    return () => clearInterval(timer)
  }, [stepMs])
  return now
}
