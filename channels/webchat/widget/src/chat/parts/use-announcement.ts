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

  const arrived = known.current === null ? 0 : messages.filter((message) => message.direction === 'out' && !known.current?.has(message.id)).length
  useEffect(() => {
    if (!synced) return
    const now = Date.now()
    known.current = new Set(messages.map((message) => message.id))
    recent.current = [...recent.current.filter((at) => now - at < burstMs), ...Array.from({ length: arrived }, () => now)]
    setBurst(recent.current.length > burstCount ? recent.current.length : 0)
  }, [messages, synced])
  useEffect(() => {
    if (burst === 0) return
    const timer = setTimeout(() => setBurst(0), burstMs)
    return () => clearTimeout(timer)
  }, [burst])

  const silent = known.current === null || burst > 0 || arrived > burstCount
  return { live: silent ? 'off' : 'polite', summary: burst > 0 ? language.text('newMessages', { count: burst }) : '' }
}
