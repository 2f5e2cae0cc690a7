/** How far a party's line has come. `ended` is for good. */
export type LegState = 'dialling' | 'ringing' | 'answered' | 'ended'

/** Why a line ended. */
export type LegEnd = 'completed' | 'busy' | 'no_answer' | 'canceled' | 'failed'

/** What a provider may tell about a line, at once or much later, in any order and more than once. */
export type LegReport = 'dialling' | 'ringing' | 'answered' | LegEnd

/** A line as far as reports have told. */
export interface Leg {
  readonly state: LegState
  readonly end: LegEnd | null
}

/** A line before the first report. */
export const newLeg: Leg = { state: 'dialling', end: null }

/** What each report makes of a line in each state; where there is nothing, it tells nothing new. */
const table: Readonly<Record<LegState, Readonly<Partial<Record<LegReport, LegState>>>>> = {
  dialling: {
    ringing: 'ringing',
    answered: 'answered',
    completed: 'ended',
    busy: 'ended',
    no_answer: 'ended',
    canceled: 'ended',
    failed: 'ended',
  },
  ringing: { answered: 'answered', completed: 'ended', busy: 'ended', no_answer: 'ended', canceled: 'ended', failed: 'ended' },
  // Whoever has answered is neither busy nor absent: such a report belongs to an earlier attempt.
  answered: { completed: 'ended', canceled: 'ended', failed: 'ended' },
  ended: {},
}

const ends: readonly LegReport[] = ['completed', 'busy', 'no_answer', 'canceled', 'failed']

/** Takes a report; the same line when it tells nothing new. A line only goes on, never back. */
export function reportLeg(leg: Leg, report: LegReport): Leg {
  const next = table[leg.state][report]
  if (next === undefined) return leg
  return { state: next, end: isEnd(report) ? report : null }
}

function isEnd(report: LegReport): report is LegEnd {
  return ends.includes(report)
}
