import type { ConfigurationFinding, RoutingConfiguration } from '../../wire/configuration.ts'
import { actionsOf } from './references.ts'

/**
 * Circles of queues that pass on to each other, each told once, at the queue of the lowest id. All are refused: somebody who waits would
 * be sent round without end.
 */
export function circularOverflow({ queues }: RoutingConfiguration): ConfigurationFinding[] {
  const sorted = queues.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const nameOf = new Map(queues.map(({ id, name }) => [id, name]))
  const targets = new Map(sorted.map(({ id, settings }) => [id, targetsOf(settings)]))
  const found: ConfigurationFinding[] = []
  for (const { id, name, settings } of sorted) {
    const circle = wayBack(id, targets)
    // A circle is told by its lowest queue; the others would tell it again.
    if (circle === null || circle.some((other) => other < id)) continue
    const names = [...circle, id].map((one) => nameOf.get(one) ?? one)
    const path = actionsOf(settings).find(({ action }) => action.kind === 'queue' && action.queueId === (circle[1] ?? id))?.path ?? ''
    found.push({
      severity: 'refused',
      code: 'circular_overflow',
      about: { kind: 'queue', id, name },
      path,
      sentence: `Overflow goes in a circle: ${names.join(' → ')}.`,
      details: { queues: [...circle, id] },
    })
  }
  return found
}

function targetsOf(settings: RoutingConfiguration['queues'][number]['settings']): readonly string[] {
  const ids = actionsOf(settings).flatMap(({ action }) => (action.kind === 'queue' ? [action.queueId] : []))
  return [...new Set(ids)].toSorted()
}

/** The shortest way from a queue back to itself, the queue first; null = there is none. */
function wayBack(start: string, targets: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const ways: (readonly [string, ...string[]])[] = [[start]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of targets.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return null
}
