import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../../src/core/configuration/check.ts'
import { calendarSettingsSchema } from '../../../src/wire/calendars.ts'
import type { RoutingConfiguration } from '../../../src/wire/configuration.ts'
import { queueSettingsSchema } from '../../../src/wire/queues.ts'

const now = 1_760_000_000_000
const nine = [{ from: '09:00', to: '18:00' }]
const week = { mon: nine, tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
const queue = (id: string, settings: object = {}, said: Partial<RoutingConfiguration['queues'][number]> = {}) => ({
  id,
  name: id.toUpperCase(),
  enabled: true,
  settings: queueSettingsSchema.parse(settings),
  memberIds: ['ann'],
  ...said,
})
const sound: RoutingConfiguration = {
  queues: [queue('q', { calendarId: 'c', requiredSkills: [{ skillId: 's', minLevel: 2 }] })],
  skills: [{ id: 's', name: 'Billing' }],
  groups: [{ id: 'g', name: 'G', memberIds: ['ben'] }],
  agents: [
    { id: 'ann', name: 'Ann', disabled: false, skills: [{ skillId: 's', level: 3 }], languages: [], channels: ['phone', 'line'] },
    { id: 'ben', name: 'Ben', disabled: false, skills: [], languages: [], channels: ['line'] },
  ],
  calendars: [{ id: 'c', name: 'C', settings: calendarSettingsSchema.parse({ zone: 'Asia/Taipei', week }) }],
  policies: [],
  rules: [],
}
const codes = (said: Partial<RoutingConfiguration>) =>
  checkConfiguration({ ...sound, ...said }, now).map(({ severity, code }) => `${severity} ${code}`)
const to = (queueId: string) => ({ whileWaiting: [{ afterMs: 60_000, action: { kind: 'queue', queueId } }] })

describe('a configuration that can never match', () => {
  test('a sound one has no findings', () => {
    expect(codes({})).toEqual([])
  })

  test.each<[string, Partial<RoutingConfiguration>, string]>([
    ['a queue without members', { queues: [queue('q', {}, { memberIds: [] })] }, 'warning queue_without_members'],
    ['a skill nobody has', { queues: [queue('q', { requiredSkills: [{ skillId: 's', minLevel: 4 }] })] }, 'warning skill_nobody_has'],
    [
      'skills no one person has together',
      {
        skills: [...sound.skills, { id: 't', name: 'T' }],
        agents: sound.agents.map((one) => (one.id === 'ben' ? { ...one, skills: [{ skillId: 't', level: 5 }] } : one)),
        queues: [
          queue(
            'q',
            {
              requiredSkills: [
                { skillId: 's', minLevel: 1 },
                { skillId: 't', minLevel: 1 },
              ],
            },
            { memberIds: ['ann', 'ben'] },
          ),
        ],
      },
      'warning nobody_matches',
    ],
    ['a language nobody speaks', { queues: [queue('q', { matchLanguage: true })] }, 'warning language_nobody_speaks'],
    [
      'a calendar never open',
      { calendars: [{ id: 'c', name: 'C', settings: calendarSettingsSchema.parse({ zone: 'UTC', week: { ...week, mon: [] } }) }] },
      'warning calendar_never_open',
    ],
    [
      'a zone that does not exist',
      { calendars: [{ id: 'c', name: 'C', settings: calendarSettingsSchema.parse({ zone: 'Asia/Atlantis', week }) }] },
      'refused unknown_zone',
    ],
    ['overflow to itself', { queues: [queue('q', to('q'))] }, 'refused circular_overflow'],
    [
      'a queue that is switched off',
      { queues: [queue('q', to('r')), queue('r', {}, { enabled: false })] },
      'warning queue_disabled_in_use',
    ],
    ['something that does not exist', { queues: [queue('q', to('gone'))] }, 'refused unknown_reference'],
    ['a ring that changes nothing', { queues: [queue('q', { rings: [{ afterMs: 1_000 }] })] }, 'warning ring_without_effect'],
    ['callbacks switched off', { queues: [queue('q', { onClosing: { kind: 'callback' } })] }, 'warning callback_without_phone'],
  ])('%s', (_, said, expected) => {
    expect(codes(said)).toEqual([expected])
  })

  test('a ring that drops the skill, or lets in a group that has it, makes it match', () => {
    const asks = { requiredSkills: [{ skillId: 's', minLevel: 5 }] }
    expect(codes({ queues: [queue('q', { ...asks, rings: [{ afterMs: 9_000, dropSkills: ['s'] }] })] })).toEqual([])
    const expert = sound.agents.map((one) => (one.id === 'ben' ? { ...one, skills: [{ skillId: 's', level: 5 }] } : one))
    expect(codes({ agents: expert, queues: [queue('q', { ...asks, rings: [{ afterMs: 9_000, widenTo: ['g'] }] })] })).toEqual([])
    const gone = expert.map((one) => (one.id === 'ben' ? { ...one, disabled: true } : one))
    expect(codes({ agents: gone, queues: [queue('q', { ...asks, rings: [{ afterMs: 9_000, widenTo: ['g'] }] })] })).toEqual([
      'warning skill_nobody_has',
    ])
  })

  test('a circle is told once, with the way round', () => {
    const queues = [queue('a', to('b')), queue('b', to('c')), queue('c', to('a')), queue('d', to('a'))]
    const found = checkConfiguration({ ...sound, queues }, now)
    expect(found).toMatchObject([
      {
        code: 'circular_overflow',
        about: { id: 'a' },
        path: 'whileWaiting.0.action',
        sentence: 'Overflow goes in a circle: A → B → C → A.',
      },
    ])
  })

  test('overflow is refused exactly where following it could come back', () => {
    const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 8 })
    fc.assert(
      fc.property(edges, (pairs) => {
        const queues = Array.from({ length: 6 }, (_, n) =>
          queue(`q${n}`, {
            whileWaiting: pairs
              .filter(([from]) => from === n)
              .slice(0, 6)
              .map(([, target], at) => ({ afterMs: 1_000 * (at + 1), action: { kind: 'queue', queueId: `q${target}` } })),
          }),
        )
        const reach = (from: number, seen: number[]): number[] =>
          pairs
            .filter(([a, b]) => a === from && !seen.includes(b))
            .reduce((all, [, b]) => (all.includes(b) ? all : reach(b, all.concat(b))), seen)
        const circular = [0, 1, 2, 3, 4, 5].some((n) => reach(n, []).includes(n))
        expect(codes({ queues }).includes('refused circular_overflow')).toBe(circular)
      }),
      { seed: 12, numRuns: 200 },
    )
  })

  test('what comes after something that always holds is never reached', () => {
    const rule = (id: string, position: number, stop: boolean) => ({
      id,
      name: id,
      enabled: true,
      position,
      when: { match: 'all' as const, tests: [] },
      effect: { addTags: ['x'] },
      stop,
    })
    expect(codes({ rules: [rule('b', 2, false), rule('a', 1, true)] })).toEqual(['warning rule_never_reached'])
    expect(codes({ rules: [rule('a', 1, false), rule('b', 2, true)] })).toEqual([])
  })
})
