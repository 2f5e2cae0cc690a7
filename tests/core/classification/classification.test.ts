import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClassificationRule, classify, mergeNeeds } from '../../../src/core/classification/classify.ts'
import { evaluateCondition } from '../../../src/core/classification/condition.ts'
import { findPhrase } from '../../../src/core/classification/words.ts'
import { conditionSchema, type EntryFacts, entryFactsSchema } from '../../../src/wire/conditions.ts'
import { ruleEffectSchema } from '../../../src/wire/routing-rules.ts'

const facts = (said: Partial<EntryFacts> = {}): EntryFacts =>
  entryFactsSchema.parse({ channel: 'email', inboxId: 'mail', queueId: 'general', priority: 5, ...said })
const holds = (test: object, said: Partial<EntryFacts> = {}, open: boolean | undefined = true): boolean =>
  evaluateCondition(conditionSchema.parse({ tests: [test] }), facts(said), () => open).holds
const rule = (
  id: string,
  position: number,
  tests: object[],
  effect: object,
  said: Partial<ClassificationRule> = {},
): ClassificationRule => ({
  id,
  name: id,
  enabled: true,
  position,
  when: conditionSchema.parse({ tests }),
  effect: ruleEffectSchema.parse(effect),
  stop: false,
  ...said,
})
const open = () => true

describe('rules of entry: conditions', () => {
  test.each([
    ['channel', { fact: 'channel', anyOf: ['email'] }, {}, true],
    ['another channel', { fact: 'channel', anyOf: ['line', 'sms'] }, {}, false],
    ['not', { fact: 'channel', anyOf: ['line'], not: true }, {}, true],
    ['tier, whatever its case', { fact: 'tier', anyOf: ['gold'] }, { tier: 'Gold ' }, true],
    ['no tier', { fact: 'tier', anyOf: ['gold'] }, {}, false],
    ['a language covers its regions', { fact: 'language', anyOf: ['zh'] }, { language: 'zh-TW' }, true],
    ['a region is not its language', { fact: 'language', anyOf: ['zh-TW'] }, { language: 'zh' }, false],
    ['a tag of the same beginning is another', { fact: 'language', anyOf: ['en'] }, { language: 'enm' }, false],
    ['a mail domain', { fact: 'address', anyOf: ['@example.com'] }, { address: 'Kim@Example.com' }, true],
    ['a country code', { fact: 'address', anyOf: ['+81'] }, { address: '+81312345678' }, true],
    ['a filled attribute', { fact: 'attribute', name: 'plan' }, { attributes: { plan: 'pro' } }, true],
    ['an attribute by value', { fact: 'attribute', name: 'plan', anyOf: ['basic'] }, { attributes: { plan: 'pro' } }, false],
    ['what every object has is no attribute', { fact: 'attribute', name: 'constructor' }, {}, false],
    ['priority', { fact: 'priority', atLeast: 6 }, { priority: 6 }, true],
    ['tags', { fact: 'tag', anyOf: ['vip'] }, { tags: ['x', 'vip'] }, true],
    ['returning', { fact: 'returning' }, { returning: true }, true],
  ] as const)('%s', (_, condition, said, expected) => {
    expect(holds(condition, said as Partial<EntryFacts>)).toBe(expected)
  })

  test('hours: open, closed, and a calendar that is gone, which holds neither way round', () => {
    const hours = { fact: 'hours', calendarId: 'c' }
    expect([holds(hours, {}, true), holds(hours, {}, false)]).toEqual([true, false])
    const gone = (not: boolean) => evaluateCondition(conditionSchema.parse({ tests: [{ ...hours, not }] }), facts(), () => undefined)
    for (const not of [false, true]) expect(gone(not)).toMatchObject({ holds: false, tests: [{ saw: '' }] })
  })

  test('all or any; none at all holds always', () => {
    const two = [{ fact: 'channel', anyOf: ['email'] }, { fact: 'returning' }]
    const of = (match: string, tests: object[]) => evaluateCondition(conditionSchema.parse({ match, tests }), facts(), open).holds
    expect([of('all', two), of('any', two), of('all', []), of('any', [])]).toEqual([false, true, true, true])
  })
})

describe('rules of entry: words', () => {
  test.each([
    ['a word', 'Please REFUND me', 'refund', true],
    ['not within a word', 'I started', 'art', false],
    ['a word at the edge of punctuation', '(refund!)', 'refund', true],
    ['a phrase over a line break', 'money\n  back', 'money back', true],
    ['characters without spaces', '我想要退款謝謝', '退款', true],
    ['full width and half width', 'ＶＩＰ会員 ｷｬﾝｾﾙ', 'vip', true],
    ['half-width katakana', 'ｷｬﾝｾﾙ希望', 'キャンセル', true],
    ['Latin beside characters', '請幫我refund一下', 'refund', true],
    ['the second place, where the first is within a word', 'prepaid paid', 'paid', true],
  ])('%s', (_, text, phrase, expected) => {
    expect(findPhrase([phrase], text) !== null).toBe(expected)
  })

  test('the subject counts too, and the trace names the phrase found', () => {
    const result = evaluateCondition(
      conditionSchema.parse({ tests: [{ fact: 'words', anyOf: ['invoice', 'refund'] }] }),
      facts({ subject: 'Refund', text: 'hello' }),
      open,
    )
    expect(result.tests).toEqual([{ fact: 'words', holds: true, saw: 'refund', wanted: 'invoice, refund', not: false }])
  })
})

describe('rules of entry: this would go there, because', () => {
  const rules = [
    rule('vip', 1, [{ fact: 'tier', anyOf: ['gold'] }], { priority: { how: 'add', by: 3 } }),
    rule('refunds', 2, [{ fact: 'words', anyOf: ['退款', 'refund'] }], {
      queueId: 'billing',
      requireSkills: [{ skillId: 'billing', minLevel: 3 }],
      addTags: ['refund'],
    }),
    rule('urgent', 3, [{ fact: 'priority', atLeast: 8 }], { queueId: 'priority-desk' }, { stop: true }),
    rule('never', 4, [], { queueId: 'elsewhere' }),
  ]

  test('rules run in order, each on what those before have made of it, until one stops', () => {
    const result = classify(rules, facts({ tier: 'gold', text: 'refund please' }), open)
    expect(result).toMatchObject({ queueId: 'priority-desk', priority: 8, tags: ['refund'], stoppedBy: 'urgent' })
    expect(result.required).toEqual([{ skillId: 'billing', minLevel: 3 }])
    expect(result.because.map(({ ruleId, holds, changed }) => [ruleId, holds, changed.map(({ field }) => field)])).toEqual([
      ['vip', true, ['priority']],
      ['refunds', true, ['queueId', 'required', 'tags']],
      ['urgent', true, ['queueId']],
    ])
    expect(classify(rules, facts(), open)).toMatchObject({ queueId: 'elsewhere', priority: 5, stoppedBy: null })
  })

  test('nothing holds: it stays where it would begin, with the skills of its queue', () => {
    const own = [{ skillId: 'mail', minLevel: 1 }]
    expect(classify(rules.slice(0, 3), facts(), open, { required: own })).toMatchObject({ queueId: 'general', priority: 5, required: own })
  })

  test('the order of the list means nothing, disabled rules do not run, and priority stays within 0–9', () => {
    const disabled = rules.map((one) => (one.id === 'vip' ? { ...one, enabled: false } : one))
    expect(classify(disabled, facts({ tier: 'gold' }), open).priority).toBe(5)
    const amount = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 6 })
    fc.assert(
      fc.property(amount, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (steps, dice) => {
        const added = steps.map((by, n) => rule(`r${n}`, n, [], { priority: { how: 'add', by } }))
        const result = classify(added, facts(), open)
        expect(result.priority).toBeGreaterThanOrEqual(0)
        expect(result.priority).toBeLessThanOrEqual(9)
        const keys = new Map(added.map(({ id }) => [id, dice.next().value]))
        const shuffled = added.toSorted((a, b) => (keys.get(a.id) ?? 0) - (keys.get(b.id) ?? 0))
        expect(classify(shuffled, facts(), open)).toEqual(result)
      }),
      { seed: 4, numRuns: 100 },
    )
  })

  test('a skill asked for twice: the higher level, and dropped no earlier than either says', () => {
    const need = (minLevel: number, dropOrder: number | null) => [{ skillId: 's', minLevel, dropOrder }]
    expect(mergeNeeds(need(2, 1), need(4, 3))).toEqual(need(4, 3))
    expect(mergeNeeds(need(5, 1), need(1, null))).toEqual(need(5, null))
  })
})
