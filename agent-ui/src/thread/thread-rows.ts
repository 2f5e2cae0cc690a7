import type { Message } from '../../../src/wire/messages.ts'

const togetherMs = 4 * 60_000

/** One line of a thread: a day's name, the line above what is new, or a message. */
export type ThreadRow =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  /** `first`: begins a run of the same author; only then name and picture are shown. */
  | { readonly type: 'message'; readonly key: string; readonly message: Message; readonly first: boolean; readonly last: boolean }

function sameRun(a: Message | undefined, b: Message | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (a.direction !== b.direction || a.direction === 'system') return false
  if (a.author.type !== b.author.type || a.author.id !== b.author.id || a.author.name !== b.author.name) return false
  return a.channel === b.channel && Math.abs(b.occurredAt - a.occurredAt) < togetherMs
}

function dayOf(at: number): string {
  return new Date(at).toDateString()
}

/** What a thread held and what of it had been read when it was opened, as ordinals. */
export interface Opening {
  readonly readCount: number
  readonly messageCount: number
}

/**
 * The rows of a thread, in order. The line for what is new stands before the first of the customer's
 * messages that had come unread before the thread was opened; what comes while it is open is no news.
 */
export function rowsOf(messages: readonly Message[], opening: Opening): ThreadRow[] {
  const { readCount, messageCount } = opening
  const firstNews = messages.find((m) => m.direction === 'in' && m.ordinal > readCount && m.ordinal <= messageCount)
  const breaks = (at: number): { day: boolean; news: boolean } => {
    const [before, message] = [messages[at - 1], messages[at]]
    if (message === undefined) return { day: true, news: false }
    return {
      day: before === undefined || dayOf(before.createdAt) !== dayOf(message.createdAt),
      news: readCount > 0 && message === firstNews,
    }
  }
  const begins = (at: number): boolean => {
    const { day, news } = breaks(at)
    return day || news || !sameRun(messages[at - 1], messages[at])
  }
  return messages.flatMap((message, at) => {
    const { day, news } = breaks(at)
    const rows: ThreadRow[] = []
    if (day) rows.push({ type: 'day', key: `day:${message.id}`, at: message.createdAt })
    if (news) rows.push({ type: 'new', key: 'new' })
    rows.push({ type: 'message', key: message.id, message, first: begins(at), last: begins(at + 1) })
    return rows
  })
}
