import { describe, expect, test } from 'vitest'
import { route } from '../../../src/core/routing/route.ts'
import { agent, ago, decided, full, item, now, oneQueue, queue, seconds } from './support.ts'

describe('§3 Avoid', () => {
  const declined = item('i', { avoid: [{ agentId: 'ann', until: now + seconds(60) }] })

  test.each<{ says: string; bob: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'goes to the other', bob: {}, goes: ['i → bob'] },
    { says: 'waits for the other while they are full', bob: full, goes: [] },
    { says: 'waits for the other while they finish a contact', bob: { state: 'wrap_up' }, goes: [] },
    { says: 'comes back when the other is away: nobody else remains', bob: { state: 'away' }, goes: ['i → ann'] },
    { says: 'comes back when the other is offline', bob: { state: 'offline' }, goes: ['i → ann'] },
  ])('$says', ({ bob, goes }) => {
    expect(decided(oneQueue([agent('ann'), agent('bob', bob)], [declined]))).toEqual(goes)
  })

  test('ends at its instant, for which the router wakes', () => {
    const snapshot = oneQueue(
      [agent('ann', { leaseUntil: now + seconds(90) }), agent('bob', { ...full, leaseUntil: now + seconds(90) })],
      [declined],
    )
    expect(route(snapshot, now).nextWakeAt).toBe(now + seconds(60))
    expect(decided(snapshot, now + seconds(60))).toEqual(['i → ann'])
  })
})

describe('§3 Agent to return to', () => {
  const until = now + seconds(30)
  const sticky = item('i', { preferredAgent: { agentId: 'ann', until } })
  const bob = agent('bob', { idleSince: ago(900) })

  test.each<{ says: string; ann: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'goes to them before a longer idle colleague', ann: {}, goes: ['i → ann'] },
    { says: 'waits for them while they are available and full', ann: full, goes: [] },
    { says: 'never sticks to somebody busy', ann: { state: 'busy' }, goes: ['i → bob'] },
    { says: 'never sticks to somebody offline', ann: { state: 'offline' }, goes: ['i → bob'] },
    { says: 'never sticks to a lapsed lease', ann: { leaseUntil: now }, goes: ['i → bob'] },
  ])('$says', ({ ann, goes }) => {
    expect(decided(oneQueue([agent('ann', ann), bob], [sticky]))).toEqual(goes)
  })

  test('is released at its instant, for which the router wakes', () => {
    const snapshot = oneQueue([agent('ann', full), bob], [sticky])
    expect(route(snapshot, now).nextWakeAt).toBe(until)
    expect(decided(snapshot, until)).toEqual(['i → bob'])
  })

  test('a preferred agent without the skill is no preference', () => {
    const skilled = agent('bob', { skills: [{ skillId: 'tax', level: 1 }] })
    expect(decided(oneQueue([agent('ann'), skilled], [{ ...sticky, required: [{ skillId: 'tax', minLevel: 1 }] }]))).toEqual(['i → bob'])
  })

  test.each<{ says: string; ann: Parameters<typeof agent>[1]; goes: string[] }>([
    { says: 'waits for a person who is busy', ann: { state: 'busy' }, goes: [] },
    { says: 'goes to the person whatever their queues', ann: {}, goes: ['i → ann'] },
    { says: 'goes to the queue when the person is offline', ann: { state: 'offline' }, goes: ['i → bob'] },
  ])('a transfer to a person $says', ({ ann, goes }) => {
    const personal = item('i', { personalAgent: { agentId: 'ann', until } })
    expect(decided({ agents: [agent('ann', ann), bob], items: [personal], queues: [queue('q', ['bob'])] })).toEqual(goes)
  })

  test('a person who declined their transfer is not asked again', () => {
    const declined = item('i', { personalAgent: { agentId: 'ann', until }, avoid: [{ agentId: 'ann', until }] })
    expect(decided({ agents: [agent('ann'), bob], items: [declined], queues: [queue('q', ['bob'])] })).toEqual(['i → bob'])
  })
})
