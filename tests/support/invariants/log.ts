import { type Everything, groupBy } from './everything.ts'

/** Numbers that rise, one telling of each beginning, and moves that follow one another up to the present state (I5, I10). */
export function logViolations(all: Everything): string[] {
  return [...numberViolations(all), ...beginningViolations(all), ...moveViolations(all)]
}

function numberViolations({ events }: Everything): string[] {
  return events.flatMap(({ seq }, i) => {
    const before = events[i - 1]?.seq ?? 0
    return seq > before ? [] : [`The log goes from ${before} to ${seq}.`]
  })
}

function beginningViolations({ conversations, messages, events }: Everything): string[] {
  const faults: string[] = []
  const once = (type: string, ids: readonly string[]) => {
    const told = groupBy(
      events.filter((event) => event.type === type),
      (event) => String(event.subjectId),
    )
    for (const id of ids) if (told.get(id)?.length !== 1) faults.push(`${type} of ${id} is in the log ${told.get(id)?.length ?? 0} times.`)
    if (told.size > ids.length) faults.push(`${type} is told of ${told.size} things; there are ${ids.length}.`)
  }
  once(
    'conversation.created',
    conversations.map(({ id }) => id),
  )
  once(
    'message.created',
    messages.map(({ id }) => id),
  )
  return faults
}

function moveViolations({ conversations, events }: Everything): string[] {
  const faults: string[] = []
  const status = new Map<string, string>()
  for (const { seq, type, subjectId, data } of events) {
    if (subjectId === null || type !== 'conversation.changed' || data.to === undefined) continue
    const from = status.get(subjectId) ?? 'queued'
    if (data.from !== from) faults.push(`Event ${seq} moves ${subjectId} from ${String(data.from)}; it was ${from}.`)
    if (typeof data.to === 'string') status.set(subjectId, data.to)
  }
  for (const row of conversations) {
    const last = status.get(row.id) ?? 'queued'
    if (last !== row.status) faults.push(`Conversation ${row.id} is ${row.status}; the log ends with ${last}.`)
  }
  return faults
}
