import { type Everything, groupBy } from './everything.ts'

/** At most one live offer of a conversation (I3), which is then with that agent; each offer told once and ended once. */
export function offerViolations({ conversations, offers, events }: Everything): string[] {
  const faults: string[] = []
  const pending = groupBy(
    offers.filter(({ status }) => status === 'pending'),
    (offer) => offer.conversationId,
  )
  for (const { id, status, offeredTo } of conversations) {
    const live = pending.get(id) ?? []
    if (live.length !== (status === 'offered' ? 1 : 0)) faults.push(`Conversation ${id} (${status}) has ${live.length} live offers.`)
    for (const offer of live)
      if (offer.agentId !== offeredTo) faults.push(`Conversation ${id} is offered to ${offeredTo}; its live offer is to ${offer.agentId}.`)
  }
  const told = groupBy(
    events.filter(({ type }) => type === 'offer.created' || type === 'offer.ended'),
    (event) => String(event.subjectId),
  )
  for (const { id, status, endedAt, why } of offers) {
    const of = told.get(id) ?? []
    const outcomes = of.filter(({ type }) => type === 'offer.ended').map(({ data }) => data.outcome)
    if (of.filter(({ type }) => type === 'offer.created').length !== 1) faults.push(`Offer ${id} was not told of once.`)
    if (outcomes.join() !== (status === 'pending' ? '' : status))
      faults.push(`Offer ${id} is ${status}; the log says: ${outcomes.join(', ') || 'nothing'}.`)
    if ((endedAt === null) !== (status === 'pending')) faults.push(`Offer ${id} (${status}) has an end that does not fit.`)
    if (why.chosen === null) faults.push(`Offer ${id} does not say why it was made.`)
  }
  return faults
}
