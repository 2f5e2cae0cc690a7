import { expect, test } from 'vitest'
import { compareLocales, flatten, type Language } from '../../bin/check/locale-keys.ts'

const compare = (locales: Partial<Record<Language, unknown>>): string[] => {
  const entries = Object.entries(locales) as [Language, unknown][]
  return compareLocales(new Map(entries.map(([language, tree]) => [language, flatten(tree)])))
}

test('equal keys in any order pass', () => {
  expect(compare({ en: { a: 'A', b: { c: 'C' } }, 'zh-TW': { b: { c: '丙' }, a: '甲' } })).toEqual([])
})

test('a missing and a surplus key are named', () => {
  expect(compare({ en: { a: 'A', b: 'B' }, ja: { a: 'あ', c: 'し' } })).toEqual(['en: "c" is missing.', 'ja: "b" is missing.'])
})

test('an empty text is named', () => {
  expect(compare({ en: { a: 'A' }, ja: { a: ' ' } })).toEqual(['ja: "a" is empty.'])
})

test('a counted text needs the forms of its language', () => {
  const en = { waiting_one: '{{count}} waits', waiting_other: '{{count}} wait' }
  expect(compare({ en, 'zh-TW': { waiting_other: '{{count}} 位等候' } })).toEqual([])
  expect(compare({ en: { waiting_other: 'x' }, 'zh-TW': { waiting_other: '等' } })).toEqual(['en: "waiting_one" is missing.'])
  expect(compare({ en, ja: {} })).toEqual(['ja: "waiting" is missing.'])
})

test('a key that merely ends like a form is a key', () => {
  expect(compare({ en: { step_one: '1' }, ja: { step_one: '一' } })).toEqual([])
})

test('placeholders must agree; their order, spaces and format do not matter', () => {
  expect(compare({ en: { a: '{{name}} at {{ at, time }}' }, ja: { a: '{{at}} {{name}}' } })).toEqual([])
  expect(compare({ en: { a: 'Hi {{name}}' }, ja: { a: 'こんにちは' } })).toEqual(['ja: "a" has the placeholders [], en has [name].'])
})

test('a value that is neither text nor object is refused', () => {
  expect(() => flatten({ a: { b: 1 } })).toThrow('"a.b"')
  expect(() => flatten([])).toThrow()
})
