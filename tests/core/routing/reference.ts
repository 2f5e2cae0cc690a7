import { emptyHanded, type Held, weightOf, withItem } from '../../../src/core/capacity/load.ts'
import { mayTake, standsInTheWay, weightInTheWay } from '../../../src/core/capacity/may-take.ts'
import type { QueueRules, RoutingAgent, RoutingSnapshot, WorkItem } from '../../../src/core/routing/snapshot.ts'
import type { SkillNeed } from '../../../src/wire/queues.ts'

type Hands = Map<string, { held: Held; idleSince: number; lastOfferAt: number }>

/**
 * The rules of routing in their plainest form: every item looked at against every agent, without
 * sets, caches or shared parts. What `route` decides must be this, only faster.
 */
export function plainRouting(snapshot: RoutingSnapshot, now: number): string[] {
  const hands: Hands = new Map(
    snapshot.agents.map((a) => [a.id, { held: a.held, idleSince: a.idleSince, lastOfferAt: a.lastOfferAt ?? 0 }]),
  )
  const keptFor = new Map<string, WorkItem['channel']>()
  const keptCount = new Map<string, number>()
  const decisions: string[] = []
  for (const { item, queue, bound } of lineUp(snapshot, now)) {
    const asked = new Set(item.offeredTo)
    for (let free = queue.ringAgents - asked.size; free > 0; free--) {
      const inQuestion = inQuestionFor(snapshot, item, queue, bound, now).filter((a) => !asked.has(a.id))
      const room = (a: RoutingAgent): boolean => {
        const held = hands.get(a.id)?.held ?? emptyHanded
        const kept = keptFor.get(a.id)
        return mayTake(held, item.channel, a.capacity).ok && !(kept !== undefined && standsInTheWay(held, item.channel, kept, a.capacity))
      }
      const [best] = inQuestion.filter(room).sort((a, b) => better(a, b, item, queue, hands))
      if (best === undefined) {
        const line = `${item.channel} ${queue.id}`
        const count = keptCount.get(line) ?? 0
        if (asked.size === 0 && now - item.queuedAt >= queue.drainAfterMs && count < 3) {
          const [least] = inQuestion
            .filter((a) => !keptFor.has(a.id) && mayTake(emptyHanded, item.channel, a.capacity).ok)
            .sort((a, b) => inTheWay(a, item, hands) - inTheWay(b, item, hands) || (a.id < b.id ? -1 : 1))
          if (least === undefined) break
          keptFor.set(least.id, item.channel)
          keptCount.set(line, count + 1)
        }
        break
      }
      decisions.push(`${item.id} → ${best.id}`)
      asked.add(best.id)
      hands.set(best.id, {
        held: withItem(hands.get(best.id)?.held ?? emptyHanded, item.channel),
        idleSince: now,
        lastOfferAt: now,
      })
    }
  }
  return decisions
}

/** The agents who match at the ring an item is in; exported so that properties can ask who would have been right. */
export function fittingAgents(snapshot: RoutingSnapshot, item: WorkItem, queue: QueueRules, now: number): RoutingAgent[] {
  const waited = Math.max(0, now - item.queuedAt)
  const steps = [...queue.rings].sort((a, b) => a.afterMs - b.afterMs)
  let ring = steps.filter((s) => s.afterMs <= waited).length
  for (;;) {
    const taken = steps.slice(0, ring)
    const fits = snapshot.agents.filter(
      (a) =>
        isMember(
          a,
          queue,
          taken.flatMap((s) => s.widenTo),
          waited,
        ) && hasSkills(a, item, taken),
    )
    if (ring >= steps.length || fits.some((a) => loggedIn(a, now))) return fits
    ring += 1
  }
}

function isMember(a: RoutingAgent, queue: QueueRules, groups: string[], waited: number): boolean {
  if (groups.some((g) => a.groupIds.includes(g))) return true
  return queue.members.some((m) => m.delayMs <= waited && ('agentId' in m ? m.agentId === a.id : a.groupIds.includes(m.groupId)))
}

function hasSkills(a: RoutingAgent, item: WorkItem, taken: QueueRules['rings']): boolean {
  const needed = item.required.filter((n) => !taken.some((s) => s.dropSkills.includes(n.skillId) || isDropped(n, s.dropThrough)))
  const lowered = taken.reduce((sum, s) => sum + s.lowerLevelBy, 0)
  const speaks = item.language === null || a.languages.includes(item.language) || taken.some((s) => s.dropLanguage)
  return speaks && needed.every((n) => a.skills.some((s) => s.skillId === n.skillId && s.level >= Math.max(1, n.minLevel - lowered)))
}

function isDropped(need: SkillNeed, through: number): boolean {
  return typeof need.dropOrder === 'number' && need.dropOrder <= through
}

function loggedIn(a: RoutingAgent, now: number): boolean {
  return a.state !== 'offline' && a.leaseUntil !== null && a.leaseUntil > now
}

function avoids(item: WorkItem, a: RoutingAgent, now: number): boolean {
  return item.avoid.some((one) => one.agentId === a.id && one.until > now)
}

function inQuestionFor(
  snapshot: RoutingSnapshot,
  item: WorkItem,
  queue: QueueRules,
  bound: RoutingAgent | null,
  now: number,
): RoutingAgent[] {
  const free = (a: RoutingAgent): boolean => loggedIn(a, now) && a.state === 'available'
  if (bound !== null) return [bound].filter(free)
  const fits = fittingAgents(snapshot, item, queue, now)
  const remains = fits.some((a) => !avoids(item, a, now) && loggedIn(a, now) && (a.state === 'available' || a.state === 'wrap_up'))
  return fits.filter((a) => free(a) && !(remains && avoids(item, a, now)))
}

function boundTo(snapshot: RoutingSnapshot, item: WorkItem, queue: QueueRules, now: number): RoutingAgent | null {
  const named = (bond: WorkItem['preferredAgent']): RoutingAgent | undefined =>
    snapshot.agents.find((a) => bond !== null && bond.until > now && a.id === bond.agentId && !avoids(item, a, now))
  const person = named(item.personalAgent)
  if (person !== undefined && loggedIn(person, now)) return person
  const preferred = named(item.preferredAgent)
  if (preferred === undefined || !loggedIn(preferred, now) || preferred.state !== 'available') return null
  return fittingAgents(snapshot, item, queue, now).includes(preferred) ? preferred : null
}

function lineUp(snapshot: RoutingSnapshot, now: number) {
  const age = (item: WorkItem, queue: QueueRules): number =>
    (queue.order === 'deadline' && item.deadlineAt !== null ? item.deadlineAt - queue.deadlineLeadMs : item.createdAt) - queue.ageOffsetMs
  return snapshot.items
    .flatMap((item) => {
      const queue = snapshot.queues.find((q) => q.id === item.queueId)
      return queue === undefined ? [] : [{ item, queue, bound: boundTo(snapshot, item, queue, now), since: age(item, queue) }]
    })
    .sort(
      (a, b) =>
        b.item.priority - a.item.priority ||
        (b.bound === null ? 0 : 1) - (a.bound === null ? 0 : 1) ||
        a.since - b.since ||
        (a.item.id < b.item.id ? -1 : 1),
    )
}

function inTheWay(a: RoutingAgent, item: WorkItem, hands: Hands): number {
  return weightInTheWay(hands.get(a.id)?.held ?? emptyHanded, item.channel, a.capacity)
}

function fill(a: RoutingAgent, hands: Hands): number {
  return weightOf(hands.get(a.id)?.held ?? emptyHanded, a.capacity) / Math.max(1, a.capacity.total)
}

function better(a: RoutingAgent, b: RoutingAgent, item: WorkItem, queue: QueueRules, hands: Hands): number {
  const idle = (hands.get(a.id)?.idleSince ?? 0) - (hands.get(b.id)?.idleSince ?? 0)
  const last = (hands.get(a.id)?.lastOfferAt ?? 0) - (hands.get(b.id)?.lastOfferAt ?? 0)
  const load = fill(a, hands) - fill(b, hands)
  const level = (one: RoutingAgent): number =>
    item.required.reduce((sum, n) => sum + (one.skills.find((s) => s.skillId === n.skillId)?.level ?? 0), 0)
  const ties = a.id < b.id ? -1 : 1
  switch (queue.selection) {
    case 'longest_idle':
      return idle || load || ties
    case 'least_loaded':
      return load || idle || ties
    case 'best_skill':
      return level(b) - level(a) || idle || load || ties
    case 'round_robin':
      return last || load || ties
  }
}
