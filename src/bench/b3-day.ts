import { emptyHanded } from '../core/capacity/load.ts'
import { defaultCapacity } from '../core/capacity/rules.ts'
import { type DayPlan, generateDay } from '../core/simulation/plan.ts'
import { type SimulatedQueue, simulateDay } from '../core/simulation/simulate.ts'
import { queueSettingsSchema } from '../wire/queues.ts'
import type { ChannelId } from '../wire/words.ts'
import { benchRandom } from './b3-centre.ts'
import { type Figure, figure } from './figures.ts'

const from = 1_760_000_000_000
const hourMs = 3_600_000
const handleMs: Readonly<Record<ChannelId, number>> = { phone: 240_000, sms: 300_000, line: 420_000, email: 360_000, webchat: 480_000 }

/** A day of ten hours over ten queues, every channel alike. */
export function busyDay(conversations: number, agents: number): { plan: DayPlan; queues: SimulatedQueue[] } {
  const ids = Array.from({ length: agents }, (_, n) => `agent-${String(n).padStart(5, '0')}`)
  const queues = Array.from({ length: 10 }, (_, n) => ({
    id: `queue-${n}`,
    memberIds: ids.filter((__, a) => a % 10 === n || a % 4 === n % 4),
    settings: queueSettingsSchema.parse({}),
  }))
  const streams = queues.flatMap(({ id }) =>
    (Object.keys(handleMs) as ChannelId[]).map((channel) => ({
      weight: 1,
      queueId: id,
      channel,
      priority: 5,
      required: [],
      handleMs: handleMs[channel],
      patienceMs: 600_000,
    })),
  )
  const shifts = ids.map((id) => ({
    agent: {
      id,
      state: 'offline' as const,
      leaseUntil: null,
      groupIds: [],
      skills: [],
      languages: [],
      held: emptyHanded,
      capacity: defaultCapacity,
      idleSince: from,
      lastOfferAt: null,
    },
    from,
    to: from + 11 * hourMs,
  }))
  const perHour = Array.from({ length: 10 }, () => conversations / 10)
  return { plan: generateDay({ from, perHour, streams, shifts, answerMs: 3_000 }, benchRandom()), queues }
}

/** B3, the simulator: how long one day of 50,000 conversations and 200 agents takes to live through. */
export function measureDay(conversations = 50_000, agents = 200): Figure[] {
  const { plan, queues } = busyDay(conversations, agents)
  const startedMs = performance.now()
  const { handled, serviceLevel } = simulateDay(plan, queues)
  const tookMs = performance.now() - startedMs
  const note = `${plan.arrivals.length} conversations, ${handled} handled, service level ${((serviceLevel ?? 0) * 100).toFixed(0)} %`
  return [figure('B3.day', tookMs / 1_000, 's', { limit: 20, note })]
}
