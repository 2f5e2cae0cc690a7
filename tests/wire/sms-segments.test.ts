import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsSegments } from '../../src/wire/sms-segments.ts'

describe('segments of a text', () => {
  it.each([
    ['', 'gsm7', 0, 160],
    ['hello', 'gsm7', 1, 155],
    ['a'.repeat(160), 'gsm7', 1, 0],
    ['a'.repeat(161), 'gsm7', 2, 145],
    ['a'.repeat(306), 'gsm7', 2, 0],
    ['a'.repeat(307), 'gsm7', 3, 152],
    ['€'.repeat(80), 'gsm7', 1, 0],
    ['€'.repeat(81), 'gsm7', 2, 143],
    ['à la carte {1}', 'gsm7', 1, 144],
    ['漢'.repeat(70), 'ucs2', 1, 0],
    ['漢'.repeat(71), 'ucs2', 2, 63],
    ['smart ’quote', 'ucs2', 1, 58],
    ['😀'.repeat(35), 'ucs2', 1, 0],
    // 67 units hold 33 pairs and one unit that no pair can use.
    ['😀'.repeat(36), 'ucs2', 2, 61],
    ['漢'.repeat(1_600), 'ucs2', 24, 8],
  ] as const)('%j is %s, %i, with %i left', (text, encoding, count, left) => {
    expect(smsSegments(text)).toMatchObject({ encoding, count, left })
  })

  it('a letter that takes two septets is not divided', () => {
    // 152 septets, then one that takes two: the first segment ends a septet early.
    expect(smsSegments(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).toMatchObject({ count: 2, left: 0 })
    expect(smsSegments(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toMatchObject({ count: 3 })
  })

  it('never shrinks as one writes on, and always has room for what it counts', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '€', '漢', '😀', ' ', '\n'), maxLength: 400 })
    fc.assert(
      fc.property(texts, fc.constantFrom('a', '€', '漢', '😀'), (text, letter) => {
        const before = smsSegments(text)
        const after = smsSegments(text + letter)
        expect(after.count).toBeGreaterThanOrEqual(before.count)
        const units = before.encoding === 'ucs2' ? text.length : text.replaceAll('€', '--').length
        const room = before.encoding === 'ucs2' ? [70, 67] : [160, 153]
        expect(units).toBeLessThanOrEqual(before.count <= 1 ? Number(room[0]) : before.count * Number(room[1]))
        // Each segment but the last is full, a unit apart at most.
        if (before.count > 1) expect(units).toBeGreaterThan((before.count - 1) * (Number(room[1]) - 1))
      }),
    )
  })
})
