import type { AgentIndex } from './agent-index.ts'
import { type Bits, keepBits, meets } from './bits.ts'
import { addExclusion, type Exclusion } from './exclusion.ts'
import type { IndexedQueue } from './queue-index.ts'
import { ringReached, type StillRequired, stillRequired } from './relaxation.ts'
import type { WorkItem } from './snapshot.ts'

/** Who comes into question for all items that ask for the same in the same queue, ring and wait. */
export interface Match {
  readonly ring: number
  /** Members of the ring who have the skills still required. */
  readonly fitting: Bits
  /** Why others are out, whatever they hold; those who fit and are available are not among them. */
  readonly excluded: () => readonly Exclusion[]
}

/** Finds matches, one for each signature; a run of many items makes few. */
export class Matcher {
  readonly #agents: AgentIndex
  readonly #now: number
  readonly #made = new Map<string, Match>()

  constructor(agents: AgentIndex, now: number) {
    this.#agents = agents
    this.#now = now
  }

  /** The match of an item in its queue at this instant. */
  of(item: WorkItem, queue: IndexedQueue): Match {
    const waitedMs = Math.max(0, this.#now - item.queuedAt)
    const stage = queue.delaysMs.filter((ms) => ms <= waitedMs).length
    const reached = ringReached(queue.steps, waitedMs)
    const key = `${queue.rules.id}\n${stage}\n${reached}\n${signatureOf(item)}`
    let match = this.#made.get(key)
    if (match === undefined) this.#made.set(key, (match = this.#find(item, queue, stage, reached)))
    return match
  }

  /** The ring reached by waiting, or the first one after it that somebody logged in matches. */
  #find(item: WorkItem, queue: IndexedQueue, stage: number, reached: number): Match {
    for (let ring = reached; ; ring++) {
      const required = stillRequired(item, queue.relaxations[ring])
      const members = queue.members(stage, ring)
      const fitting = this.#fitting(members, required)
      if (ring >= queue.steps.length || meets(fitting, this.#agents.loggedIn)) {
        return { ring, fitting, excluded: once(() => excludedFrom(this.#agents, members, fitting)) }
      }
    }
  }

  #fitting(members: Bits, required: StillRequired): Bits {
    const fitting = members.slice()
    for (const { skillId, minLevel } of required.needs) keepBits(fitting, this.#agents.atLeast(skillId, minLevel))
    if (required.language !== null) keepBits(fitting, this.#agents.speaking(required.language))
    return fitting
  }
}

function signatureOf(item: WorkItem): string {
  const needs = item.required.map((need) => `${need.skillId}\t${need.minLevel}\t${need.dropOrder ?? ''}`)
  return `${item.language ?? ''}\n${needs.length > 1 ? needs.sort().join('\n') : (needs[0] ?? '')}`
}

function excludedFrom(agents: AgentIndex, members: Bits, fitting: Bits): readonly Exclusion[] {
  const list: Exclusion[] = []
  const fits = (word: number): number => fitting[word] ?? 0
  const loggedIn = (word: number): number => agents.loggedIn[word] ?? 0
  addExclusion(list, agents, 'not_member', (word) => (agents.everyone[word] ?? 0) & ~(members[word] ?? 0))
  addExclusion(list, agents, 'skill', (word) => (members[word] ?? 0) & ~fits(word))
  addExclusion(list, agents, 'offline', (word) => fits(word) & ~loggedIn(word))
  addExclusion(list, agents, 'not_available', (word) => fits(word) & loggedIn(word) & ~(agents.available[word] ?? 0))
  return list
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
