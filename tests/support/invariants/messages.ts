import { type Everything, groupBy } from './everything.ts'

/** Order without gaps (I5), one effect of each payload (I1), and a visible end of each outgoing item (I2). */
export function messageViolations(all: Everything): string[] {
  return [...orderViolations(all), ...ledgerViolations(all), ...outboxViolations(all)]
}

function orderViolations({ conversations, messages }: Everything): string[] {
  const byConversation = groupBy(messages, (row) => row.conversationId)
  return conversations.flatMap(({ id, messageCount }) => {
    const ordinals = (byConversation.get(id) ?? []).map(({ ordinal }) => ordinal)
    const gapless = ordinals.length === messageCount && ordinals.every((ordinal, i) => ordinal === i + 1)
    return gapless ? [] : [`Conversation ${id} counts ${messageCount} messages and has the ordinals ${ordinals.join(', ')}.`]
  })
}

function ledgerViolations({ deliveries, messages }: Everything): string[] {
  const statusOf = new Map(deliveries.map(({ id, status }) => [id, status]))
  const unsettled = deliveries.flatMap(({ id, status }) =>
    status === 'received' ? [`Delivery ${id} was received and never settled.`] : [],
  )
  const orphans = messages.flatMap(({ id, direction, deliveryId }) => {
    if (direction !== 'in') return []
    const status = deliveryId === null ? undefined : statusOf.get(deliveryId)
    return status === 'processed' ? [] : [`The inbound message ${id} comes from a delivery that is ${status ?? 'missing'}.`]
  })
  return [...unsettled, ...orphans]
}

function outboxViolations({ messages, outbox }: Everything): string[] {
  const items = new Map(outbox.map((item) => [item.messageId, item]))
  const faults: string[] = []
  for (const { id, direction, delivery, deliveryError } of messages) {
    const item = items.get(id)
    if (direction !== 'out') {
      if (item !== undefined || delivery !== null) faults.push(`The message ${id} (${direction}) has a delivery state.`)
      continue
    }
    if (item === undefined) faults.push(`The outgoing message ${id} is in no outbox.`)
    else if (item.status !== delivery) faults.push(`The message ${id} shows "${delivery}"; its outbox item is "${item.status}".`)
    if ((delivery === 'failed' || delivery === 'unconfirmed') && deliveryError === null)
      faults.push(`The message ${id} is ${delivery} and does not say why.`)
  }
  for (const { id, status, nextAttemptAt, leaseUntil, leaseToken } of outbox) {
    const moves = status === 'queued' || status === 'sending'
    if (moves !== (nextAttemptAt !== null)) faults.push(`The outbox item ${id} (${status}) has a time that does not fit: ${nextAttemptAt}.`)
    if ((status === 'sending') !== (leaseUntil !== null && leaseToken !== null))
      faults.push(`The outbox item ${id} (${status}) has a lease that does not fit.`)
  }
  return faults
}
