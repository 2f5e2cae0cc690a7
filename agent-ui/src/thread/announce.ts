import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../src/wire/messages.ts'

/** More messages than this within `burstMs` are told as a number, not one by one. */
export const burstCount = 3
export const burstMs = 2_000

/** What to say of messages that came together: each author's words, or only how many. */
export function announcementOf(fresh: readonly Message[], words: (message: Message) => string, many: (count: number) => string): string {
  return fresh.length > burstCount ? many(fresh.length) : fresh.map(words).join('\n')
}

function textOf(message: Message): string {
  const part = message.parts[0]
  return part?.type === 'text' ? part.text : ''
}

/**
 * Words for a polite live region, gathered so that a burst of messages does not drown a screen reader.
 * The first of a burst is told at once; what follows within two seconds is told together.
 */
export function useAnnouncement(messages: readonly Message[] | undefined, me: string): string {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  const told = useRef<number | null>(null)
  const quietUntil = useRef(0)
  const spoken = useRef<ReadonlySet<string>>(new Set())
  const newest = messages?.at(-1)?.ordinal ?? 0
  useEffect(() => {
    if (messages === undefined) return
    // Words that were taken back must not stay where a screen reader finds them.
    if (messages.some((m) => m.unsentAt !== null && spoken.current.has(m.id))) setSaid('')
    if (told.current === null) {
      told.current = newest
      return
    }
    const speak = (): void => {
      const fresh = messages.filter((m) => m.ordinal > (told.current ?? 0) && m.direction !== 'system' && m.author.id !== me)
      told.current = newest
      quietUntil.current = performance.now() + burstMs
      if (fresh.length === 0) return
      const words = (m: Message) => t('thread.announce', { name: m.author.name, text: textOf(m) || t('thread.attachment') })
      spoken.current = new Set(fresh.map((m) => m.id))
      setSaid(announcementOf(fresh, words, (count) => t('thread.burst', { count })))
    }
    const wait = quietUntil.current - performance.now()
    if (wait <= 0) return speak()
    const timer = setTimeout(speak, wait)
    return () => clearTimeout(timer)
  }, [messages, newest, me, t])
  return said
}
