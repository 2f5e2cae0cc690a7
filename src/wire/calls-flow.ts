import { z } from 'zod'
import { idSchema } from './words.ts'

const nodeId = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/)
/** What is said, by language (BCP 47); the first is said to whoever speaks none of them. */
const spoken = z
  .record(z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/), z.string().trim().min(1).max(3_000))
  .refine((said) => Object.keys(said).length > 0 && Object.keys(said).length <= 10, 'must be said in one to ten languages')
const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +886223456789')

/** One step of what a caller goes through. */
export const callStepSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('greeting'), say: spoken, next: nodeId }),
  /** Asks for a key; `attempts` questions without a valid one lead to `otherwise`. */
  z.object({
    type: z.literal('menu'),
    say: spoken,
    choices: z
      .array(
        z.object({
          key: z.string().regex(/^[0-9*#]$/),
          words: z.array(z.string().trim().min(1).max(60)).max(10).default([]),
          next: nodeId,
        }),
      )
      .min(1)
      .max(12),
    attempts: z.number().int().min(1).max(5).default(3),
    timeoutMs: z.number().int().min(1_000).max(30_000).default(5_000),
    otherwise: nodeId,
  }),
  z.object({ type: z.literal('hours'), calendarId: idSchema, open: nodeId, closed: nodeId }),
  z.object({ type: z.literal('queue'), queueId: idSchema, priority: z.number().int().min(-100).max(100).optional() }),
  z.object({
    type: z.literal('voicemail'),
    say: spoken,
    queueId: idSchema,
    maxMs: z.number().int().min(5_000).max(600_000).default(120_000),
  }),
  /** Offers to be called back under the caller's own number. */
  z.object({ type: z.literal('callback'), say: spoken, queueId: idSchema, declined: nodeId }),
  z.object({ type: z.literal('transfer'), to: number, ringMs: z.number().int().min(5_000).max(120_000).default(30_000), failed: nodeId }),
  z.object({ type: z.literal('hang_up'), say: spoken.optional() }),
])
export type CallStep = z.infer<typeof callStepSchema>

/** What is wrong with a flow, at which step. */
export interface FlowFault {
  readonly code: 'no_start' | 'missing_step' | 'unreachable' | 'no_way_out' | 'repeated_key'
  readonly step: string
  /** The step or key that it is about, where it names one. */
  readonly about?: string
}

/** Steps that one leads to. */
export function nextSteps(step: CallStep): readonly string[] {
  switch (step.type) {
    case 'greeting':
      return [step.next]
    case 'menu':
      return [...step.choices.map(({ next }) => next), step.otherwise]
    case 'hours':
      return [step.open, step.closed]
    case 'callback':
      return [step.declined]
    case 'transfer':
      return [step.failed]
    case 'queue':
    case 'voicemail':
    case 'hang_up':
      return []
  }
}

interface Flow {
  readonly start: string
  readonly steps: Readonly<Record<string, CallStep>>
}

/**
 * What keeps a flow from being published: steps that are named and not there or there and never reached, keys that
 * mean two things, and steps from which a caller who says nothing never comes to an end.
 */
export function callFlowFaults({ start, steps }: Flow): FlowFault[] {
  const has = (id: string): boolean => Object.hasOwn(steps, id)
  if (!has(start)) return [{ code: 'no_start', step: start }]
  const faults: FlowFault[] = []
  const reached = reachableFrom(start, steps)
  const ending = endingSteps(steps)
  for (const [id, step] of Object.entries(steps)) {
    for (const about of new Set(nextSteps(step))) if (!has(about)) faults.push({ code: 'missing_step', step: id, about })
    if (!reached.has(id)) faults.push({ code: 'unreachable', step: id })
    for (const about of repeatedKeys(step)) faults.push({ code: 'repeated_key', step: id, about })
    if (reached.has(id) && !ending.has(id)) faults.push({ code: 'no_way_out', step: id })
  }
  return faults
}

function reachableFrom(start: string, steps: Flow['steps']): Set<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const step = Object.hasOwn(steps, id) ? steps[id] : undefined
    if (step === undefined || reached.has(id)) continue
    reached.add(id)
    waiting.push(...nextSteps(step))
  }
  return reached
}

function repeatedKeys(step: CallStep): string[] {
  if (step.type !== 'menu') return []
  const keys = step.choices.map(({ key }) => key)
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))]
}

/**
 * Steps from which a caller who does nothing comes to an end, whatever the hour is: those that lead nowhere, and then
 * those that lead to such steps alone. A step that is missing is told elsewhere.
 */
function endingSteps(steps: Flow['steps']): Set<string> {
  const ending = new Set<string>()
  const passive = (step: CallStep): readonly string[] => (step.type === 'menu' ? [step.otherwise] : nextSteps(step))
  for (let before = -1; before < ending.size; ) {
    before = ending.size
    for (const [id, step] of Object.entries(steps))
      if (passive(step).every((next) => ending.has(next) || !Object.hasOwn(steps, next))) ending.add(id)
  }
  return ending
}

/** A call flow as it is stored and published. */
export const callFlowSchema = z
  .strictObject({
    start: nodeId,
    steps: z.record(nodeId, callStepSchema).refine((steps) => Object.keys(steps).length <= 100, 'has more than 100 steps'),
  })
  .superRefine((flow, ctx) => {
    for (const { code, step, about } of callFlowFaults(flow))
      ctx.addIssue({ code: 'custom', path: ['steps', step], message: about === undefined ? code : `${code}: ${about}` })
  })
export type CallFlow = z.infer<typeof callFlowSchema>
