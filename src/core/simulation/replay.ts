import type { DayPlan } from './plan.ts'
import type { SimulationResult } from './record.ts'
import { type SimulatedQueue, simulateDay } from './simulate.ts'

/** A figure before and after a change; `change` null where either is missing. */
export interface Compared {
  readonly before: number | null
  readonly after: number | null
  readonly change: number | null
}

/** What a changed configuration would have made of a day. */
export interface Replay {
  readonly before: SimulationResult
  readonly after: SimulationResult
  readonly figures: Readonly<
    Record<'serviceLevel' | 'waitP50Ms' | 'waitP90Ms' | 'waitMaxMs' | 'abandonRate' | 'occupancy' | 'fairShare' | 'handled', Compared>
  >
}

/** Lives the same day through with the queues as they are and as they would be, and sets the figures side by side. */
export function replayDay(
  plan: DayPlan,
  present: readonly SimulatedQueue[],
  changed: readonly SimulatedQueue[],
  changedPlan: DayPlan = plan,
): Replay {
  const before = simulateDay(plan, present)
  const after = simulateDay(changedPlan, changed)
  const compared = (of: (result: SimulationResult) => number | null): Compared => {
    const [was, is] = [of(before), of(after)]
    return { before: was, after: is, change: was === null || is === null ? null : is - was }
  }
  return {
    before,
    after,
    figures: {
      serviceLevel: compared(({ serviceLevel }) => serviceLevel),
      waitP50Ms: compared(({ waits }) => waits.p50),
      waitP90Ms: compared(({ waits }) => waits.p90),
      waitMaxMs: compared(({ waits }) => waits.max),
      abandonRate: compared(({ abandonRate }) => abandonRate),
      occupancy: compared(({ occupancy }) => occupancy),
      fairShare: compared(({ fairShare }) => fairShare),
      handled: compared(({ handled }) => handled),
    },
  }
}
