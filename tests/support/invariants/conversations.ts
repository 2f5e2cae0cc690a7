import { type ConversationRow, type Everything, groupBy } from './everything.ts'

/** One live conversation per thread (I3), an owner, a place or a timer for each open one (I8), and columns that agree with the state. */
export function conversationViolations(all: Everything): string[] {
  const known = { agents: new Set(all.agents.map(({ id }) => id)), queues: new Set(all.queues.map(({ id }) => id)) }
  return [
    ...doubleThreads(all),
    ...all.conversations.flatMap((row) => faultsOf(row, known).map((fault) => `Conversation ${row.id} (${row.status}) ${fault}.`)),
  ]
}

function doubleThreads({ conversations }: Everything): string[] {
  const live = conversations.filter(({ status }) => status !== 'resolved')
  return [...groupBy(live, (row) => `${row.inboxId} ${row.threadKey}`)].flatMap(([thread, rows]) =>
    rows.length === 1 ? [] : [`The thread ${thread} has ${rows.length} live conversations.`],
  )
}

function faultsOf(row: ConversationRow, known: { agents: ReadonlySet<string>; queues: ReadonlySet<string> }): string[] {
  const faults: string[] = []
  const must = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault)
  }
  must(row.open === (row.status !== 'resolved'), 'is marked as open or not against its status')
  must(row.messageCount > 0, 'has no message')
  must(row.readCount <= row.messageCount && row.customerReadCount <= row.messageCount, 'was read further than it was written')
  const withAgent = row.status === 'active' || row.status === 'wrap_up'
  must(row.parkedAt === null || (withAgent && row.awaiting === 'customer'), 'is parked while somebody waits for an answer')
  must((row.status === 'snoozed') === (row.snoozedUntil !== null), 'has a snooze that does not fit its status')
  must(row.status === 'wrap_up' || row.wrapUpUntil === null, 'has a wrap-up time and is not in wrap-up')
  must((row.status === 'resolved') === (row.resolvedAt !== null), 'has a resolution that does not fit its status')
  must((row.status === 'offered') === (row.offeredTo !== null), 'is offered to nobody, or to somebody against its status')
  switch (row.status) {
    case 'active':
    case 'wrap_up':
      must(row.assigneeId !== null && known.agents.has(row.assigneeId), 'has no owner')
      break
    case 'bot':
    case 'queued':
    case 'offered':
      must(known.queues.has(row.queueId), 'waits in a queue that does not exist')
      must(row.assigneeId === null, 'waits and has an owner at once')
      must(row.awaiting === 'agent', 'waits while the customer has been answered')
      break
    case 'snoozed':
    case 'resolved':
      break
  }
  return faults
}
