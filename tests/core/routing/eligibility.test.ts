import { describe, expect, test } from 'vitest'
import { explainWaiting, route } from '../../../src/core/routing/route.ts'
import type { AgentState } from '../../../src/wire/words.ts'
import { agent, decided, full, item, now, oneQueue, pairs, queue, ring, seconds } from './support.ts'

describe('§3 Who may take it', () => {
  test.each<{ state: AgentState; lease: number | null; takes: boolean }>([
    { state: 'available', lease: now + 1, takes: true },
    { state: 'available', lease: now, takes: false },
    { state: 'available', lease: null, takes: false },
    { state: 'busy', lease: now + 1, takes: false },
    { state: 'away', lease: now + 1, takes: false },
    { state: 'wrap_up', lease: now + 1, takes: false },
    { state: 'not_responding', lease: now + 1, takes: false },
    { state: 'offline', lease: now + 1, takes: false },
  ])('$state with a lease until $lease: $takes', ({ state, lease, takes }) => {
    expect(decided(oneQueue([agent('ann', { state, leaseUntil: lease })], [item('i')]))).toEqual(takes ? ['i → ann'] : [])
  })

  test('members only', () => {
    const snapshot = { agents: [agent('ann'), agent('bob')], items: [item('i')], queues: [queue('q', ['bob'])] }
    expect(decided(snapshot)).toEqual(['i → bob'])
  })

  test('members of a group see the queue after its delay, and the router wakes for it', () => {
    const members = [{ groupId: 'night', delayMs: seconds(30) }]
    const snapshot = {
      agents: [agent('ann', { groupIds: ['night'] })],
      items: [item('i')],
      queues: [queue('q', [], { members })],
    }
    expect(route(snapshot, now)).toEqual({ decisions: [], nextWakeAt: now + seconds(20) })
    expect(decided(snapshot, now + seconds(20))).toEqual(['i → ann'])
  })

  test('skills at their level', () => {
    const need = { required: [{ skillId: 'tax', minLevel: 3 }] }
    const snapshot = oneQueue(
      [agent('ann', { skills: [{ skillId: 'tax', level: 2 }] }), agent('bob', { skills: [{ skillId: 'tax', level: 3 }] })],
      [item('i', need)],
    )
    expect(decided(snapshot)).toEqual(['i → bob'])
  })

  test('an item whose queue is unknown waits, and says that nobody is a member', () => {
    const why = explainWaiting({ agents: [agent('ann')], items: [item('i')], queues: [] }, 'i', now)?.why
    expect(why).toMatchObject({
      chosen: null,
      candidates: 0,
      excluded: [{ reason: 'not_member', count: 1, agentIds: ['ann'] }],
    })
  })
})

describe('§3 Rings', () => {
  const need = {
    required: [
      { skillId: 'tax', minLevel: 4, dropOrder: 2 },
      { skillId: 'ja', minLevel: 1, dropOrder: 1 },
    ],
    createdAt: now,
    queuedAt: now,
  }
  const expert = agent('eve', {
    ...full,
    skills: [
      { skillId: 'tax', level: 5 },
      { skillId: 'ja', level: 1 },
    ],
  })
  const junior = agent('joe', { skills: [{ skillId: 'tax', level: 3 }] })

  test.each([
    { step: { dropSkills: ['tax', 'ja'] }, lets: true },
    { step: { dropSkills: ['tax'] }, lets: false },
    { step: { dropThrough: 1, lowerLevelBy: 1 }, lets: true },
    { step: { dropThrough: 1 }, lets: false },
    { step: { dropThrough: 2 }, lets: true },
    { step: { lowerLevelBy: 5 }, lets: false },
  ])('a busy expert is waited for until the step $step: $lets', ({ step, lets }) => {
    const snapshot = oneQueue([expert, junior], [item('i', need)], { rings: [ring(seconds(30), step)] })
    const before = route(snapshot, now + seconds(30) - 1)
    expect(before).toEqual({ decisions: [], nextWakeAt: now + seconds(30) })
    expect(decided(snapshot, now + seconds(30))).toEqual(lets ? ['i → joe'] : [])
  })

  test('steps add up', () => {
    const rings = [ring(seconds(10), { dropSkills: ['ja'] }), ring(seconds(20), { lowerLevelBy: 1 })]
    const { decisions } = route(oneQueue([expert, junior], [item('i', need)], { rings }), now + seconds(20))
    expect(pairs(decisions)).toEqual(['i → joe'])
    expect(decisions[0]?.why.ring).toBe(2)
  })

  test('falls through at once when nobody logged in matches', () => {
    const gone = { ...expert, state: 'offline' as const }
    const { decisions } = route(oneQueue([gone, junior], [item('i', need)], { rings: [ring(seconds(300), { dropThrough: 2 })] }), now)
    expect(pairs(decisions)).toEqual(['i → joe'])
    expect(decisions[0]?.why.ring).toBe(1)
  })

  test('widens to a group', () => {
    const queues = [queue('q', ['eve'], { rings: [ring(seconds(30), { widenTo: ['second-line'] })] })]
    const helper = agent('hal', { groupIds: ['second-line'], skills: expert.skills })
    const snapshot = { agents: [expert, helper], items: [item('i', need)], queues }
    expect(decided(snapshot)).toEqual([])
    expect(decided(snapshot, now + seconds(30))).toEqual(['i → hal'])
  })

  test('drops the language when a step says so', () => {
    const speaker = agent('sue', { ...full, languages: ['ja'] })
    const snapshot = oneQueue([speaker, junior], [item('i', { language: 'ja', queuedAt: now })], {
      rings: [ring(seconds(30), { dropLanguage: true })],
    })
    expect(decided(snapshot)).toEqual([])
    expect(decided(snapshot, now + seconds(30))).toEqual(['i → joe'])
  })
})
