import type { RoutingSnapshot } from '../../../src/core/routing/snapshot.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import { agent, item, now, queue, ring } from './support.ts'

const channels: readonly ChannelId[] = ['phone', 'sms', 'line', 'email', 'webchat']
const selections = ['longest_idle', 'least_loaded', 'best_skill', 'round_robin'] as const

/** Numbers that look random and are the same on every run (a linear congruential generator). */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A large centre at its worst moment: everybody logged in, nothing given out yet. */
export function largeCentre(agentCount: number, itemCount: number, queueCount = 30, skillCount = 40): RoutingSnapshot {
  const pick = numbers(agentCount + itemCount)
  const id = (kind: string, n: number): string => `${kind}-${String(n).padStart(6, '0')}`
  const skills = (most: number) =>
    Array.from({ length: pick(most + 1) }, () => ({ skillId: id('skill', pick(skillCount)), level: 1 + pick(5) }))
  const agents = Array.from({ length: agentCount }, (_, n) =>
    agent(id('agent', n), {
      skills: skills(12),
      idleSince: now - pick(600_000),
      state: pick(10) === 0 ? 'busy' : 'available',
    }),
  )
  const queues = Array.from({ length: queueCount }, (_, n) =>
    queue(
      id('queue', n),
      agents.filter(() => pick(4) === 0).map((one) => one.id),
      {
        selection: selections[n % 4] ?? 'longest_idle',
        rings: [ring(30_000, { lowerLevelBy: 1 }), ring(60_000, { lowerLevelBy: 1 }), ring(120_000, { dropThrough: 1 })],
        ageOffsetMs: pick(3) * 10_000,
      },
    ),
  )
  const items = Array.from({ length: itemCount }, (_, n) => {
    const since = now - pick(300_000)
    return item(id('item', n), {
      queueId: id('queue', pick(queueCount)),
      channel: channels[pick(5)] ?? 'line',
      priority: pick(10),
      createdAt: since,
      queuedAt: since + pick(10_000),
      required: skills(3).map(({ skillId, level }, at) => ({ skillId, minLevel: level, dropOrder: at + 1 })),
    })
  })
  return { queues, agents, items }
}
