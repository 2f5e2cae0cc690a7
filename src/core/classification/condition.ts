import type { Condition, ConditionTest, EntryFacts } from '../../wire/conditions.ts'
import type { TestTrace } from '../../wire/routing-rules.ts'
import { findPhrase } from './words.ts'

/** Whether a calendar is open at the moment asked about; undefined for one that does not exist. */
export type IsOpen = (calendarId: string) => boolean | undefined

/** What became of a condition: whether it holds, and each of its tests with what it saw. */
export interface ConditionResult {
  readonly holds: boolean
  readonly tests: readonly TestTrace[]
}

interface Seen {
  /** Null = what it asks about does not exist, so that it holds neither way round. */
  readonly holds: boolean | null
  readonly saw: string
}

/** Tries a condition on the facts of an arrival. Every test is tried, so that the trace is whole. */
export function evaluateCondition(condition: Condition, facts: EntryFacts, isOpen: IsOpen): ConditionResult {
  const tests = condition.tests.map((test): TestTrace => {
    const { holds, saw } = look(test, facts, isOpen)
    return { fact: test.fact, holds: holds !== null && holds !== test.not, saw, wanted: wantedOf(test), not: test.not }
  })
  const holds = condition.match === 'all' || tests.length === 0 ? tests.every((t) => t.holds) : tests.some((t) => t.holds)
  return { holds, tests }
}

function look(test: ConditionTest, facts: EntryFacts, isOpen: IsOpen): Seen {
  switch (test.fact) {
    case 'channel':
      return oneOf(facts.channel, test.anyOf)
    case 'inbox':
      return oneOf(facts.inboxId, test.anyOf)
    case 'queue':
      return oneOf(facts.queueId, test.anyOf)
    case 'priority':
      return { holds: facts.priority >= test.atLeast, saw: String(facts.priority) }
    case 'words':
      return words(test.anyOf, facts)
    case 'language':
      return { holds: test.anyOf.some((tag) => speaks(facts.language, tag)), saw: facts.language ?? '' }
    case 'tier':
      return { holds: test.anyOf.some((tier) => same(tier, facts.tier)), saw: facts.tier ?? '' }
    case 'tag':
      return { holds: test.anyOf.some((tag) => facts.tags.includes(tag)), saw: facts.tags.join(', ') }
    case 'attribute':
      return attribute(test.anyOf, Object.hasOwn(facts.attributes, test.name) ? facts.attributes[test.name] : undefined)
    case 'address':
      return { holds: test.anyOf.some((part) => addressHas(facts.address, part)), saw: facts.address ?? '' }
    case 'hours': {
      const open = isOpen(test.calendarId)
      return { holds: open ?? null, saw: open === undefined ? '' : open ? 'open' : 'closed' }
    }
    case 'returning':
      return { holds: facts.returning, saw: facts.returning ? 'returning' : 'new' }
  }
}

function oneOf(value: string, wanted: readonly string[]): Seen {
  return { holds: wanted.includes(value), saw: value }
}

function words(phrases: readonly string[], { subject, text }: EntryFacts): Seen {
  const found = findPhrase(phrases, `${subject ?? ''}\n${text}`)
  return { holds: found !== null, saw: found ?? '' }
}

function attribute(wanted: readonly string[], value: string | undefined): Seen {
  const filled = value !== undefined && value.trim() !== ''
  const holds = wanted.length === 0 ? filled : wanted.some((one) => same(one, value))
  return { holds, saw: value ?? '' }
}

/** `zh` holds for `zh-TW`; `zh-TW` does not hold for `zh`. */
export function speaks(language: string | null, tag: string): boolean {
  if (language === null) return false
  const said = language.toLowerCase()
  const wanted = tag.toLowerCase()
  return said === wanted || said.startsWith(`${wanted}-`)
}

function addressHas(address: string | null, part: string): boolean {
  if (address === null) return false
  const whole = address.toLowerCase()
  return part.startsWith('@') ? whole.endsWith(part.toLowerCase()) : whole.startsWith(part.toLowerCase())
}

function same(a: string, b: string | null | undefined): boolean {
  return b !== null && b !== undefined && a.trim().toLowerCase() === b.trim().toLowerCase()
}

function wantedOf(test: ConditionTest): string {
  switch (test.fact) {
    case 'priority':
      return `≥ ${test.atLeast}`
    case 'hours':
      return 'open'
    case 'returning':
      return 'returning'
    case 'attribute':
      return test.anyOf.length === 0 ? test.name : `${test.name}: ${test.anyOf.join(', ')}`
    default:
      return test.anyOf.join(', ')
  }
}
