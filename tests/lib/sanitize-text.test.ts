import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sanitizeJson, sanitizeText } from '../../src/lib/sanitize-text.ts'

test.each([
  ['a\0b\0', 'ab'],
  ['high \uD83D alone', 'high  alone'],
  ['\uDE00 low alone', ' low alone'],
  ['wrong order \uDE00\uD83D', 'wrong order '],
  ['pair 😀 stays', 'pair 😀 stays'],
  ['客服 café é \t\n\u202E', '客服 café é \t\n\u202E'],
  ['', ''],
])('%j becomes %j', (dirty, clean) => {
  expect(sanitizeText(dirty)).toBe(clean)
})

test('the result is storable, well-formed, and clean text is untouched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('\0', '\uD800', '\uDFFF', 'x', '😀')), (text, odd) => {
      const clean = sanitizeText(text + odd.join(''))
      expect(clean).not.toContain('\0')
      expect(Buffer.from(clean, 'utf8').toString('utf8')).toBe(clean)
      expect(sanitizeText(clean)).toBe(clean)
    }),
  )
})

test('keys and values are cleaned at every depth; other values stay', () => {
  const dirty: unknown = JSON.parse('{"a\\u0000":[{"b":"\\u0000x","c":null,"d":1.5,"e":true}]}')
  expect(sanitizeJson(dirty)).toEqual({ a: [{ b: 'x', c: null, d: 1.5, e: true }] })
})

test('a key named __proto__ stays data', () => {
  const clean = sanitizeJson(JSON.parse('{"__proto__":{"admin":true}}'))
  expect(Object.keys(clean as object)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  expect((clean as Record<string, unknown>)['admin']).toBeUndefined()
})

test('nesting has a limit', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
  expect(() => sanitizeJson(nested(64))).not.toThrow()
  expect(() => sanitizeJson(nested(65))).toThrow(/nested too deeply/)
  expect(() => sanitizeJson(nested(100_000))).toThrow(/nested too deeply/)
})
