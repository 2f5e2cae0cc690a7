import type { ConversationRow, Everything } from './everything.ts'

/** The kept numbers against a count of the conversations themselves (DESIGN §10: no list has to count). */
export function counterViolations({ conversations, counters }: Everything): string[] {
  const counted = new Map<string, number>()
  for (const row of conversations) for (const key of placesOf(row)) counted.set(key, (counted.get(key) ?? 0) + 1)
  const kept = new Map(counters.map(({ scope, name, value }) => [`${scope} ${name}`, value]))
  const keys = new Set([...counted.keys(), ...kept.keys()])
  return [...keys].flatMap((key) => {
    const [is, says] = [counted.get(key) ?? 0, kept.get(key) ?? 0]
    return is === says ? [] : [`The counter "${key}" says ${says}; there are ${is}.`]
  })
}

/** Told anew from the meaning of the counters, so that a mistake in the code that keeps them shows. */
function placesOf({ status, queueId, channel, assigneeId, offeredTo, parkedAt }: ConversationRow): string[] {
  const waits = status === 'queued' || status === 'offered'
  const works = status === 'active' || status === 'wrap_up'
  const holder = status === 'offered' ? offeredTo : works && parkedAt === null ? assigneeId : null
  return [
    ...(status === 'resolved' ? [] : ['all open']),
    ...(waits ? ['all waiting', `queue:${queueId} waiting:${channel}`] : []),
    ...(works ? [`queue:${queueId} active`] : []),
    ...(holder === null ? [] : [`agent:${holder} open:${channel}`]),
  ]
}
