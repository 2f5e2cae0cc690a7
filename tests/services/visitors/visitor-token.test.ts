import { describe, expect, it } from 'vitest'
import {
  newVisitorId,
  peekVisitorInbox,
  readVisitorToken,
  signVisitorToken,
  visitorKey,
} from '../../../src/services/visitors/visitor-token.ts'

const secret = 'a secret for tests that protects nothing'
const now = 1_767_574_800_000
const claims = { inboxId: 'inbox-1', visitorId: 'Zk3xvH0QTyq1m8o2n4pLwA', issuedAt: now, expiresAt: now + 1_000 }
const key = visitorKey(secret, 'inbox-1')
const token = signVisitorToken(key, claims)

const resigned = (change: object) => {
  const [version, , mac] = token.split('.')
  return `${version}.${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}.${mac}`
}

describe('a visitor token', () => {
  it('gives back what was signed, until it expires', () => {
    expect(readVisitorToken(key, 'inbox-1', token, now)).toEqual(claims)
    expect(readVisitorToken(key, 'inbox-1', token, now + 999)).toEqual(claims)
    expect(readVisitorToken(key, 'inbox-1', token, now + 1_000)).toBeNull()
  })

  it('names its inbox before it is believed', () => {
    expect(peekVisitorInbox(token)).toBe('inbox-1')
    expect(peekVisitorInbox('nonsense')).toBeNull()
  })

  it.each([
    ['another visitor', resigned({ visitorId: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['another inbox', resigned({ inboxId: 'inbox-2' })],
    ['a longer life', resigned({ expiresAt: now + 10_000_000 })],
    ['a cut signature', token.slice(0, -1)],
    ['no signature', token.slice(0, token.lastIndexOf('.') + 1)],
    ['a part too many', `${token}.x`],
    ['another version', token.replace(/^v1/, 'v2')],
    ['extra claims', resigned({ admin: true })],
    ['nothing', ''],
    ['a body that is no JSON', `v1.${Buffer.from('{').toString('base64url')}.x`],
    ['ten thousand characters', `v1.${'a'.repeat(10_000)}.x`],
  ])('with %s is none', (_what, forged) => {
    expect(readVisitorToken(key, 'inbox-1', forged, now)).toBeNull()
    expect(readVisitorToken(key, 'inbox-2', forged, now)).toBeNull()
  })

  it('of one inbox is worth nothing at another, signed by the same hub', () => {
    const other = visitorKey(secret, 'inbox-2')
    expect(readVisitorToken(other, 'inbox-2', token, now)).toBeNull()
    expect(readVisitorToken(other, 'inbox-2', signVisitorToken(other, claims), now)).toBeNull()
  })

  it('falls with the hub’s secret and with the inbox’s own', () => {
    expect(readVisitorToken(visitorKey('another secret of thirty-two characters', 'inbox-1'), 'inbox-1', token, now)).toBeNull()
    expect(readVisitorToken(visitorKey(secret, 'inbox-1', 'the inbox has its own'), 'inbox-1', token, now)).toBeNull()
  })

  it('names visitors by 128 bits, each once', () => {
    const ids = Array.from({ length: 1_000 }, newVisitorId)
    expect(new Set(ids).size).toBe(1_000)
    expect(ids.every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true)
  })
})
