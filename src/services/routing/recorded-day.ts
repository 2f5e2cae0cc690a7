import { groupBy } from '../../../db/queries/by-ids.ts'
import { eventsAfter, type LogEvent, seqBefore } from '../../../db/queries/log.ts'
import { segmentsIn } from '../../../db/queries/metric-rows.ts'
import { type DayRow, dayRows } from '../../../db/queries/recorded-day.ts'
import type { SegmentRow } from '../../../db/queries/stays.ts'
import type { Store } from '../../../db/store.ts'
import { emptyHanded } from '../../core/capacity/load.ts'
import { capacityRules } from '../../core/capacity/rules.ts'
import { handleMs } from '../../core/metrics/agent-metrics.ts'
import type { RoutingAgent } from '../../core/routing/snapshot.ts'
import type { Arrival, DayPlan, Shift } from '../../core/simulation/plan.ts'
import type { RoutingConfiguration } from '../../wire/configuration.ts'

const batch = 500
/** Patience of those who were answered: how long they would have waited is not known, so they wait on. */
const patientMs = 86_400_000
/** Work on a contact whose end is not known. */
const usualHandleMs = 300_000
/** From an offer to its acceptance. */
const answerMs = 5_000

/** A stretch of the record as a plan to live through again: who came when, for how long, and who was there. */
export async function recordedDay(store: Store, configuration: RoutingConfiguration, from: number, to: number): Promise<DayPlan> {
  const segments = await segmentsIn(store, from, to)
  const byConversation = groupBy(segments, ({ conversationId }) => conversationId)
  const rows = await dayRows(store, from, to)
  const arrivals = rows.map((row) => arrivalOf(row, byConversation.get(row.conversationId) ?? []))
  return { from, arrivals, shifts: await shiftsOf(store, configuration, segments, from, to), answerMs }
}

function arrivalOf(row: DayRow, parts: readonly SegmentRow[]): Arrival {
  const gaveUp = row.outcome === 'abandoned' || row.outcome === 'short_abandoned'
  const workedMs = parts.reduce((sum, part) => sum + handleMs(part), 0)
  return {
    at: row.enteredAt,
    patienceMs: gaveUp && row.leftAt !== null ? row.leftAt - row.enteredAt : patientMs,
    handleMs: workedMs > 0 ? workedMs : usualHandleMs,
    item: {
      id: row.id,
      queueId: row.queueId,
      channel: row.channel,
      priority: row.priority,
      createdAt: row.createdAt,
      queuedAt: row.enteredAt,
      deadlineAt: null,
      required: row.requiredSkills,
      language: null,
      preferredAgent: null,
      personalAgent: null,
      avoid: [],
      offeredTo: [],
    },
  }
}

/** When each agent was available, by the log; who worked without a word in it was there all the time. */
async function shiftsOf(
  store: Store,
  { agents, groups }: RoutingConfiguration,
  segments: readonly SegmentRow[],
  from: number,
  to: number,
): Promise<Shift[]> {
  const changes = groupBy(await stateEvents(store, from, to), ({ subjectId }) => subjectId ?? '')
  const worked = new Set(segments.map(({ agentId }) => agentId))
  return agents.flatMap((agent) => {
    const groupIds = groups.filter(({ memberIds }) => memberIds.includes(agent.id)).map(({ id }) => id)
    const seat = seatOf(agent, groupIds, to)
    return spansOf(changes.get(agent.id) ?? [], worked.has(agent.id), from, to).map((span) => ({ agent: seat, ...span }))
  })
}

function spansOf(events: readonly LogEvent[], worked: boolean, from: number, to: number): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  let since: number | null = worked && (events.length === 0 || !comes(events[0])) ? from : null
  for (const event of events) {
    if (comes(event)) since ??= event.at
    else if (since !== null) {
      spans.push({ from: since, to: event.at })
      since = null
    }
  }
  if (since !== null) spans.push({ from: since, to })
  return spans.filter((span) => span.to > span.from)
}

function comes(event: LogEvent | undefined): boolean {
  return event?.data['state'] === 'available' || event?.data['to'] === 'available'
}

async function stateEvents(store: Store, from: number, to: number): Promise<LogEvent[]> {
  const found: LogEvent[] = []
  const upTo = await seqBefore(store, to)
  let after = await seqBefore(store, from)
  for (;;) {
    const events = await eventsAfter(store, { after, upTo, limit: batch })
    found.push(...events.filter(({ type }) => type === 'agent.state_changed'))
    const last = events.at(-1)
    if (last === undefined || events.length < batch) return found
    after = last.seq
  }
}

function seatOf(agent: RoutingConfiguration['agents'][number], groupIds: string[], until: number): RoutingAgent {
  const { id, skills, languages } = agent
  return {
    id,
    state: 'available',
    leaseUntil: until + patientMs,
    groupIds,
    skills,
    languages,
    held: emptyHanded,
    capacity: capacityRules(),
    idleSince: 0,
    lastOfferAt: null,
  }
}
