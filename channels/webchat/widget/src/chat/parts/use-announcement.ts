import { useEffect, useRef, useState } from 'preact/hooks'
import type { VisitorMessage } from '../../../../../../src/wire/visitor.ts'
import { useChat } from '../context.ts'

/** More messages than this within the time are told as a number, not read out one by one. */
const burstCount = 3
const burstMs = 2_000

/**
 * How a screen reader hears of new messages: the log reads them out itself, except what it starts with and bursts, for which
 * it keeps silent and `summary` says how many came.
 */
export function useAnnouncement(messages: readonly VisitorMessage[], synced: boolean): { live: 'polite' | 'off'; summary: string } {
  const { language } = useChat()
  const known = useRef<ReadonlySet<string> | null>(null)
  const recent = useRef<number[]>([])
  const [burst, setBurst] = useState(0)
  const [ready, setReady] = useState(false)

  useEffect(() => {
    if (!synced) return
    const now = Date.now()
    const arrived = countNew(known.current, messages)
    known.current = new Set(messages.map((message) => message.id))
    recent.current = [...recent.current.filter((at) => now - at < burstMs), ...Array.from({ length: arrived }, () => now)]
    setReady(true)
    setBurst(recent.current.length > burstCount ? recent.current.length : 0)
  }, [messages, synced])
  useEffect(() => {
    if (burst === 0) return
    const timer = setTimeout(() => setBurst(0), burstMs)
    return () => clearTimeout(timer)
  }, [burst])

  const silent = !ready || burst > 0 || countNew(known.current, messages) > burstCount
  return { live: silent ? 'off' : 'polite', summary: burst > 0 ? language.text('newMessages', { count: burst }) : '' }
}

/** How many of our messages were not there before; none while nothing is known. */
function countNew(known: ReadonlySet<string> | null, messages: readonly VisitorMessage[]): number {
  return known === null ? 0 : messages.filter((message) => message.direction === 'out' && !known.has(message.id)).length
}
