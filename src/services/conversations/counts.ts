import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { CounterDelta } from '../../../db/queries/counters.ts'

type Counted = Pick<ConversationRow, 'status' | 'queueId' | 'channel' | 'assigneeId' | 'offeredTo' | 'parkedAt'>

/** Who holds a slot for it: its assignee at work or in wrap-up, or the agent it is offered to. */
export function holderOf(row: Counted): string | null {
  switch (row.status) {
    case 'active':
    case 'wrap_up':
      return row.parkedAt === null ? row.assigneeId : null
    case 'offered':
      return row.offeredTo
    case 'bot':
    case 'queued':
    case 'snoozed':
    case 'resolved':
      return null
  }
}

/** The kept numbers a conversation counts in, as `scope` and `name`. */
function placesOf(row: Counted): [string, string][] {
  const places: [string, string][] = []
  if (row.status !== 'resolved') places.push(['all', 'open'])
  if (row.status === 'queued' || row.status === 'offered') {
    places.push(['all', 'waiting'], [`queue:${row.queueId}`, `waiting:${row.channel}`])
  }
  if (row.status === 'active' || row.status === 'wrap_up') places.push([`queue:${row.queueId}`, 'active'])
  const holder = holderOf(row)
  if (holder !== null) places.push([`agent:${holder}`, `open:${row.channel}`])
  return places
}

/** What changes in the kept numbers when a conversation goes from `before` to `after`; null = it is not there. */
export function counterDeltas(before: Counted | null, after: Counted | null): CounterDelta[] {
  const sums = new Map<string, CounterDelta>()
  const add = (row: Counted | null, by: 1 | -1) => {
    for (const [scope, name] of row === null ? [] : placesOf(row)) {
      const key = `${scope}\n${name}`
      sums.set(key, { scope, name, delta: (sums.get(key)?.delta ?? 0) + by })
    }
  }
  add(before, -1)
  add(after, 1)
  return [...sums.values()].filter((d) => d.delta !== 0)
}
