import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallStep, callFlowFaults, callFlowSchema } from '../../src/wire/calls-flow.ts'

const say = { 'zh-TW': '您好', en: 'Hello' }
const flow = {
  start: 'welcome',
  steps: {
    welcome: { type: 'greeting', say, next: 'open' },
    open: { type: 'hours', calendarId: 'c1', open: 'menu', closed: 'record' },
    menu: {
      type: 'menu',
      say,
      choices: [
        { key: '1', words: ['orders'], next: 'orders' },
        { key: '2', next: 'boss' },
        { key: '*', next: 'menu' },
      ],
      otherwise: 'orders',
    },
    orders: { type: 'queue', queueId: 'q1' },
    boss: { type: 'transfer', to: '+886223456789', failed: 'later' },
    later: { type: 'callback', say, queueId: 'q1', declined: 'bye' },
    record: { type: 'voicemail', say, queueId: 'q1' },
    bye: { type: 'hang_up' },
  },
}
const changed = (steps: object, start = flow.start) => callFlowSchema.safeParse({ start, steps: { ...flow.steps, ...steps } })
const faults = (steps: object, start?: string) => changed(steps, start).error?.issues.map(({ path, message }) => [path.at(-1), message])

describe('a call flow', () => {
  it('of greeting, hours, menu, queue, transfer, callback and voicemail can be published, with its defaults', () => {
    expect(callFlowSchema.parse(flow).steps['menu']).toMatchObject({ attempts: 3, timeoutMs: 5_000 })
  })

  it.each([
    ['a start that is not there', {}, 'nowhere', [['nowhere', 'no_start']]],
    [
      'a step that is named and missing',
      { welcome: { type: 'greeting', say, next: 'lost' } },
      'welcome',
      [['welcome', 'missing_step: lost']],
    ],
    ['a step that nobody reaches', { island: { type: 'hang_up' } }, 'welcome', [['island', 'unreachable']]],
    [
      'a key with two meanings',
      { menu: { ...flow.steps.menu, choices: [...flow.steps.menu.choices, { key: '1', next: 'bye' }] } },
      'welcome',
      [['menu', 'repeated_key: 1']],
    ],
  ])('is refused with %s', (_what, steps, start, expected) => {
    const found = faults(steps, start)
    for (const fault of expected) expect(found).toContainEqual(fault)
  })

  it('is refused when a caller who says nothing goes round for ever', () => {
    const found = faults({ menu: { ...flow.steps.menu, otherwise: 'welcome' } })
    expect(found).toContainEqual(['menu', 'no_way_out'])
  })

  it('of a hundred forks is looked through at once', () => {
    const fork = (n: number) => ({ type: 'hours', calendarId: 'c1', open: `s${n + 1}`, closed: n % 2 === 0 ? `s${n + 2}` : `s${n + 1}` })
    const steps = Object.fromEntries(Array.from({ length: 98 }, (_, n) => [`s${n}`, fork(n)]))
    const whole = { start: 's0', steps: { ...steps, s98: { type: 'hang_up' }, s99: { type: 'hang_up' } } }
    expect(callFlowSchema.safeParse(whole).error?.issues.map(({ message }) => message)).toEqual(['unreachable'])
  })

  it('names every step that is missing, and holds for any graph', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd')
    const step: fc.Arbitrary<CallStep> = fc.oneof(
      fc.record({ type: fc.constant('greeting' as const), say: fc.constant(say), next: id }),
      fc.record({ type: fc.constant('hours' as const), calendarId: fc.constant('x'), open: id, closed: id }),
      fc.record({ type: fc.constant('hang_up' as const) }),
    )
    fc.assert(
      fc.property(fc.dictionary(id, step, { minKeys: 1 }), id, (steps, start) => {
        const found = callFlowFaults({ start, steps })
        if (found.length > 0) return
        // A caller who always takes the same way out of each step is at an end within as many steps as there are.
        for (const side of ['open', 'closed'] as const) {
          let at: string | null = start
          for (let n = 0; at !== null && n <= Object.keys(steps).length; n += 1) {
            const here: CallStep | undefined = steps[at]
            expect(here).toBeDefined()
            at = here?.type === 'greeting' ? here.next : here?.type === 'hours' ? here[side] : null
          }
          expect(at).toBeNull()
        }
      }),
    )
  })
})
