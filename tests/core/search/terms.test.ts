import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, foldWithPlaces } from '../../../src/core/search/fold.ts'
import { findWishes } from '../../../src/core/search/matches.ts'
import { maxQueryChars, readQuery, termsOfDigits, termsOfWishes } from '../../../src/core/search/query.ts'
import { maxSnippetChars, snippetOf } from '../../../src/core/search/snippet.ts'
import { digitTerms, termsOf } from '../../../src/core/search/terms.ts'
import { stretchesOf } from '../../../src/core/search/words.ts'

const han = fc.constantFrom(...Array.from('配送日訂單客服退貨換款問題請問我的商品還沒收到查詢时间东西'))
const kana = fc.constantFrom(...Array.from('あいうえおがぎぱカタナガパー々'))
const latin = fc.constantFrom(...Array.from('abcdeXYZ0123456789éüñ'))
const sign = fc.constantFrom(' ', '，', '。', '\n', '!', '「', '」', '-', '\u200b')
const runOf = (characters: fc.Arbitrary<string>, min = 1, max = 12) =>
  fc.array(characters, { minLength: min, maxLength: max }).map((all) => all.join(''))
const piece = fc.oneof(runOf(han), runOf(kana), runOf(latin), runOf(sign, 1, 3))
const someText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

/** Whether an index that knows terms alone would give the text for this query. */
function indexed(text: string, query: string): boolean {
  const terms = termsOf(text)
  return termsOfWishes(readQuery(query).wishes).every((term) => terms.has(term))
}

const found = (text: string, query: string): boolean => findWishes([text], readQuery(query).wishes) !== null

describe('a text is found', () => {
  test.each([
    ['請問配送日是哪一天？', '配'],
    ['請問配送日是哪一天？', '配送'],
    ['請問配送日是哪一天？', '送日是哪一天'],
    ['請問配送日是哪一天？', '哪一天 配送'],
    ['ﾊﾞｯｸﾞの色', 'バッグ'],
    ['ラーメン屋', 'ーメ'],
    ['人々の声', '々の'],
    ['注文ＡＢＣ－１２３', 'abc 123'],
    ['Crème brûlée', 'creme bru'],
    ['Müller GmbH', 'MÜLLER'],
    ['Where is my ORDER?', 'order where'],
    ['Where is my ORDER?', 'ord'],
    ['deliver\u00adies to\u200bday', 'deliveries today'],
    ['mail to mei.chen@example.com', 'mei.chen@exam'],
    ['안녕하세요 반갑습니다', '하세'],
    ['สวัสดีครับ', 'สวัส'],
    ['𠮷野家で食べた', '𠮷野'],
    ['order number 500017 has shipped', '"number 500017" shipped'],
    ['internationalisationissues', 'internationalis'],
    ['a', 'a'],
  ])('%s by %s', (text, query) => {
    expect(indexed(text, query)).toBe(true)
    expect(found(text, query)).toBe(true)
  })

  test.each([
    ['配達先と発送日', '配送'],
    ['送貨上門，配合日期', '配送'],
    ['配送は明日、送日は別', '配送日'],
    ['order', 'orders '],
    ['reorder', 'order'],
    ['orders', 'order '],
    ['number of order 500017', '"order number"'],
    ['が', 'か'],
    ['internationalisations', 'internationalisationissue'],
    ['anything', '!?'],
    ['anything', ''],
  ])('%s not by %s', (text, query) => {
    expect(found(text, query)).toBe(false)
  })
})

describe('for any text', () => {
  test('each two or more neighbouring characters of a run find it', () => {
    const cases = fc.tuple(someText, runOf(fc.oneof(han, kana), 2, 10), someText, fc.nat(), fc.nat())
    fc.assert(
      fc.property(cases, ([before, run, after, a, b]) => {
        const characters = Array.from(run)
        const from = a % (characters.length - 1)
        const to = from + 2 + (b % (characters.length - from - 1))
        const query = characters.slice(from, to).join('')
        const text = `${before}。${run}。${after}`
        expect(indexed(text, query)).toBe(true)
        expect(found(text, query)).toBe(true)
      }),
    )
  })

  test('the beginning of any word finds it', () => {
    const cases = fc.tuple(someText, runOf(latin, 1, 20), someText, fc.nat())
    fc.assert(
      fc.property(cases, ([before, word, after, cut]) => {
        const query = word.slice(0, 1 + (cut % word.length))
        const text = `${before} ${word} ${after}`
        // A single letter finds itself alone.
        if (query.length === 1 && word.length > 1) return
        expect(indexed(text, query)).toBe(true)
        expect(found(text, query)).toBe(true)
      }),
    )
  })

  test('what is found has all the terms it is asked for by, so the index misses nothing', () => {
    fc.assert(
      fc.property(someText, someText, (text, query) => {
        if (found(text, query)) expect(indexed(text, query)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('marks lie in the text in their order, apart from each other, and cover what was searched', () => {
    fc.assert(
      fc.property(someText, runOf(fc.oneof(han, kana), 1, 3), (text, query) => {
        const places = findWishes([text], readQuery(query).wishes)
        if (places === null) return
        let end = 0
        for (const { from, to } of places[0]?.marks ?? []) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(fold(text.slice(from, to))).toContain(fold(query)[0])
          end = to
        }
        expect(end).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  test('folding with places gives the same text, and folding twice the same as once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: folded, starts, ends } = foldWithPlaces(text)
        expect(folded).toBe(fold(text))
        expect(starts).toHaveLength(folded.length)
        expect(ends.every((end, i) => end > (starts[i] ?? 0) && end <= text.length)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(someText, (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })

  test('terms hold nothing that an index would split', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const term of termsOf(text)) expect(term).toMatch(/^[^\0-/:-`{-\x7f]+$/)
      }),
    )
  })

  test('a snippet is short, on one line, and its marks say what the text’s say', () => {
    fc.assert(
      fc.property(fc.array(someText, { maxLength: 20 }), runOf(han, 1, 2), (texts, query) => {
        const text = texts.join('\n')
        const [place] = findWishes([text], readQuery(query).wishes) ?? []
        const snippet = snippetOf(place ?? { text, marks: [] })
        expect(snippet.text.length).toBeLessThanOrEqual(maxSnippetChars + 2)
        expect(snippet.text).not.toMatch(/\n/)
        if (place !== undefined) expect(snippet.marks.length).toBeGreaterThan(0)
        for (const { from, to } of snippet.marks) expect(fold(snippet.text.slice(from, to))).toContain(fold(query)[0])
      }),
    )
  })
})

describe('a query', () => {
  test('takes the last word for a beginning while it is being typed', () => {
    expect(readQuery('my ord').wishes).toEqual([
      { kind: 'word', text: 'my' },
      { kind: 'prefix', text: 'ord' },
    ])
    expect(readQuery('my ord ').wishes[1]).toEqual({ kind: 'word', text: 'ord' })
  })

  test('is bounded', () => {
    const { wishes } = readQuery('ab '.repeat(500))
    expect(wishes.length).toBeLessThanOrEqual(12)
    expect(termsOfWishes(readQuery('配送'.repeat(500)).wishes).length).toBeLessThanOrEqual(24)
    expect(readQuery('配'.repeat(maxQueryChars + 50)).wishes).toEqual([{ kind: 'run', text: '配'.repeat(maxQueryChars) }])
  })

  test.each([
    ['0912-345-678', '912345678'],
    ['+886 912 345 678', '886912345678'],
    ['(02) 2345 6789', '223456789'],
    ['123', null],
    ['order 12345', null],
  ])('reads %s as the digits %s', (text, digits) => {
    expect(readQuery(text).digits).toBe(digits)
  })

  test('by the last digits of a number finds it', () => {
    const terms = digitTerms('+886912345678')
    expect(termsOfDigits('345678').every((term) => terms.has(term))).toBe(true)
    expect(termsOfDigits('345679').every((term) => terms.has(term))).toBe(false)
  })
})

test('stretches are cut between scripts and at signs', () => {
  expect(stretchesOf('line官方、帳號2024年').map(({ text }) => text)).toEqual(['line', '官方', '帳號', '2024', '年'])
})
