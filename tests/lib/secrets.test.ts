import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSecrets, derivedKey, equalInConstantTime, hashToken, newToken } from '../../src/lib/secrets.ts'

const first = 'an operator secret of at least 32 characters'
const second = 'another operator secret of enough characters'

test('what is sealed opens at its place', () => {
  const secrets = createSecrets(first)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
      expect(secrets.open(secrets.seal(text, place), place)).toBe(text)
    }),
  )
})

test('sealing twice gives two texts that do not show the secret', () => {
  const secrets = createSecrets(first)
  const one = secrets.seal('channel secret', 'inbox:1')
  expect(one).not.toBe(secrets.seal('channel secret', 'inbox:1'))
  expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').toString()).not.toContain('channel')
})

test('a secret opens nowhere else', () => {
  const secrets = createSecrets(first)
  expect(() => secrets.open(secrets.seal('x', 'inbox:1'), 'inbox:2')).toThrow(/changed or moved/)
})

test('every change of a sealed text is noticed', () => {
  const secrets = createSecrets(first)
  const [version, keyId, data = ''] = secrets.seal('channel secret', 'p').split('.')
  const bytes = Buffer.from(data, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
    expect(() => secrets.open(`${version}.${keyId}.${changed.toString('base64url')}`, 'p')).toThrow()
  }
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => secrets.open(`${version}.${keyId}.${bytes.subarray(0, length).toString('base64url')}`, 'p')).toThrow()
  }
})

test.each(['', 'v1', 'v1..', 'v2.x.y', 'plain text', 'v1.unknown.AAAA'])('%j is refused', (sealed) => {
  expect(() => createSecrets(first).open(sealed, 'p')).toThrow(/another SECRET_KEY/)
})

test('a former key still opens and tells that it is stale', () => {
  const old = createSecrets(first).seal('kept', 'p')
  const rotated = createSecrets(second, [first])
  expect(rotated.open(old, 'p')).toBe('kept')
  expect(rotated.isStale(old)).toBe(true)
  expect(rotated.isStale(rotated.seal('kept', 'p'))).toBe(false)
  expect(() => createSecrets(second).open(old, 'p')).toThrow(/another SECRET_KEY/)
})

test('purposes have keys of their own', () => {
  const keys = [derivedKey(first, 'a'), derivedKey(first, 'b'), derivedKey(second, 'a')].map((key) => key.toString('hex'))
  expect(new Set(keys).size).toBe(3)
  expect(derivedKey(first, 'a').toString('hex')).toBe(keys[0])
  expect(keys[0]).toHaveLength(64)
})

test('comparison in constant time takes texts and bytes of any length', () => {
  expect(equalInConstantTime('same', Buffer.from('same'))).toBe(true)
  expect(equalInConstantTime('same', 'Same')).toBe(false)
  expect(equalInConstantTime('short', 'longer text')).toBe(false)
  expect(equalInConstantTime('', '')).toBe(true)
})

test('tokens are long, different and stored as hashes', () => {
  const token = newToken('oqa')
  expect(token).toMatch(/^oqa_[\w-]{43}$/)
  expect(newToken('oqa')).not.toBe(token)
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
