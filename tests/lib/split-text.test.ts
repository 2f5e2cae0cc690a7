import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText } from '../../src/lib/split-text.ts'

const letters = (text: string): string[] =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), (s) => s.segment)

describe('splitting a text', () => {
  it('leaves a text that fits as it is', () => {
    expect(splitText('short', 10)).toEqual(['short'])
    expect(splitText('', 10)).toEqual([''])
  })

  it.each([
    ['a paragraph', 'one two.\n\nthree four five', 'one two.\n\n'],
    ['a line', 'one two three\nfour five six', 'one two three\n'],
    ['a sentence', '一二三四五六。七八九十甲乙丙丁戊', '一二三四五六。'],
    ['a word', 'alpha beta gamma delta', 'alpha '],
  ])('cuts after %s where one ends in the second half', (_what, text, first) => {
    expect(splitText(text, first.length + 2)[0]).toBe(first)
  })

  it.each([
    ['a surrogate pair', '𠮷'.repeat(6)],
    ['a family joined from several emoji', '👨‍👩‍👧‍👦'.repeat(6)],
    ['a flag', '🇹🇼'.repeat(6)],
    ['a letter with marks of its own', 'é̂'.repeat(12)],
  ])('never cuts within %s', (_what, text) => {
    const pieces = splitText(text, 25)
    expect(pieces.length).toBeGreaterThan(0)
    expect(pieces.flatMap(letters)).toEqual(letters(text))
  })

  it('gives pieces that fit and together are the text', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '。', '漢', '👍🏽', '👨‍👩‍👧', '🇯🇵', '\r\n', '.'), maxLength: 300 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 12, max: 80 }), (text, max) => {
        const pieces = splitText(text, max)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(max)
      }),
    )
  })
})
