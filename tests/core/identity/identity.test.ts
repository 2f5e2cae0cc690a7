import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseAddress } from '../../../src/core/identity/address.ts'
import { isVerifiedBy, type Proof } from '../../../src/core/identity/proof.ts'
import { type ClaimedAddress, type KnownPoint, resolveContact } from '../../../src/core/identity/resolve-contact.ts'
import type { ContactPointKind } from '../../../src/wire/contacts.ts'

describe('normaliseAddress', () => {
  test.each<{ kind: ContactPointKind; raw: string; is: string | null }>([
    { kind: 'email', raw: '  Mei.Lin+shop@Example.COM ', is: 'mei.lin+shop@example.com' },
    { kind: 'email', raw: 'info@例え.jp', is: 'info@xn--r8jz45g.jp' },
    { kind: 'email', raw: 'Ｉnfo@BÜCHER.de', is: 'ｉnfo@xn--bcher-kva.de' },
    { kind: 'email', raw: '"odd@local"@example.com', is: null },
    { kind: 'email', raw: 'no-host@', is: null },
    { kind: 'email', raw: '@example.com', is: null },
    { kind: 'email', raw: 'plain', is: null },
    { kind: 'email', raw: 'me@localhost', is: null },
    { kind: 'email', raw: 'me@127.0.0.1', is: null },
    { kind: 'email', raw: 'me@example.com/path', is: null },
    { kind: 'email', raw: 'me@exa mple.com', is: null },
    { kind: 'email', raw: 'two\nlines@example.com', is: null },
    { kind: 'email', raw: `${'a'.repeat(65)}@example.com`, is: null },
    { kind: 'email', raw: `a@${`${'b'.repeat(60)}.`.repeat(5)}com`, is: null },
    { kind: 'phone', raw: '+886912345678', is: '+886912345678' },
    { kind: 'phone', raw: '0912-345-678', is: null },
    { kind: 'phone', raw: '+0912345678', is: null },
    { kind: 'phone', raw: '12345', is: null },
    { kind: 'phone', raw: 'anonymous', is: null },
    {
      kind: 'line',
      raw: 'provider-1:U0123456789abcdef0123456789abcdef',
      is: 'provider-1:U0123456789abcdef0123456789abcdef',
    },
    { kind: 'line', raw: 'U0123456789abcdef0123456789abcdef', is: null },
    { kind: 'line', raw: 'a:b:c', is: null },
    { kind: 'line_group', raw: 'p:C01', is: 'p:C01' },
    { kind: 'visitor', raw: ' 0199-abc ', is: '0199-abc' },
    { kind: 'visitor', raw: '', is: null },
    { kind: 'external', raw: 'user\u0000', is: null },
    { kind: 'external', raw: 'x'.repeat(201), is: null },
  ])('$kind $raw → $is', ({ kind, raw, is }) => {
    expect(normaliseAddress(kind, raw)).toBe(is)
  })

  test('is settled after once', () => {
    const kinds: ContactPointKind[] = ['phone', 'email', 'line', 'line_group', 'line_room', 'visitor', 'external']
    const raw = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.emailAddress(),
      fc.tuple(fc.string(), fc.domain()).map(([l, d]) => `${l}@${d.toUpperCase()}`),
    )
    fc.assert(
      fc.property(fc.constantFrom(...kinds), raw, (kind, text) => {
        const once = normaliseAddress(kind, text)
        if (once !== null) expect(normaliseAddress(kind, once)).toBe(once)
      }),
      { seed: 3, numRuns: 3_000 },
    )
  })
})

describe('isVerifiedBy', () => {
  test.each<{ proof: Proof; verified: boolean }>([
    { proof: 'carrier_message', verified: true },
    { proof: 'attested_caller', verified: true },
    { proof: 'caller_id', verified: false },
    { proof: 'aligned_mail', verified: true },
    { proof: 'mail_from', verified: false },
    { proof: 'signed_webhook', verified: true },
    { proof: 'account_link', verified: true },
    { proof: 'visitor_token', verified: true },
    { proof: 'signed_id', verified: true },
    { proof: 'one_time_code', verified: true },
    { proof: 'agent_entered', verified: false },
    { proof: 'typed', verified: false },
  ])('$proof: $verified', ({ proof, verified }) => {
    expect(isVerifiedBy(proof)).toBe(verified)
  })
})

const claim = (kind: ContactPointKind, address: string, verified: boolean): ClaimedAddress => ({
  kind,
  address,
  verified,
})
const point = (contactId: string, of: ClaimedAddress): KnownPoint => ({
  ...of,
  id: `point-${of.kind}-${of.address}`,
  contactId,
})
const line = claim('line', 'p:U1', true)
const visitor = claim('visitor', 'v1', true)
const mail = claim('email', 'mei@example.com', true)
const typedMail = claim('email', 'mei@example.com', false)
const phone = claim('phone', '+886912345678', true)
const nothing = { merges: [], suggestions: [], unproven: [], verifyPointIds: [], attach: [], startsOver: false }

describe('resolveContact', () => {
  test('somebody new is created with the address they reached us by', () => {
    expect(resolveContact(line, [], [])).toEqual({ ...nothing, contactId: null, attach: [line] })
  })

  test('somebody known is found by the address they reached us by, proven or not', () => {
    expect(resolveContact(line, [], [point('c1', line)])).toEqual({ ...nothing, contactId: 'c1' })
    expect(resolveContact(typedMail, [], [point('c1', mail)])).toEqual({ ...nothing, contactId: 'c1' })
  })

  test('a proven arrival proves the stored point', () => {
    const stored = point('c1', typedMail)
    expect(resolveContact(mail, [], [stored])).toEqual({ ...nothing, contactId: 'c1', verifyPointIds: [stored.id] })
  })

  test('a typed e-mail address is never identity: a suggestion, no history, no contact point', () => {
    expect(resolveContact(visitor, [typedMail], [point('c1', mail)])).toEqual({
      ...nothing,
      contactId: null,
      attach: [visitor],
      suggestions: [{ contactId: 'c1', because: typedMail }],
    })
    expect(resolveContact(visitor, [typedMail], [])).toEqual({
      ...nothing,
      contactId: null,
      attach: [visitor],
      unproven: [typedMail],
    })
  })

  test('a verified address whose stored point is verified leads to its contact', () => {
    expect(resolveContact(visitor, [mail], [point('c1', mail)])).toEqual({
      ...nothing,
      contactId: 'c1',
      attach: [visitor],
    })
  })

  test('a verified address whose stored point is only claimed is a suggestion', () => {
    expect(resolveContact(visitor, [mail], [point('c1', typedMail)])).toEqual({
      ...nothing,
      contactId: null,
      attach: [visitor],
      suggestions: [{ contactId: 'c1', because: mail }],
    })
  })

  test('two contacts proven to be one are merged into the older', () => {
    const known = [point('c2', line), point('c1', mail)]
    expect(resolveContact(line, [mail], known)).toEqual({
      ...nothing,
      contactId: 'c1',
      merges: [{ fromContactId: 'c2', intoContactId: 'c1', evidence: mail }],
    })
  })

  test('two contacts are not merged when the arrival itself is unproven', () => {
    const spoofable = claim('phone', '+886912345678', false)
    expect(resolveContact(spoofable, [mail], [point('c2', spoofable), point('c1', mail)])).toEqual({
      ...nothing,
      contactId: 'c2',
      suggestions: [{ contactId: 'c1', because: mail }],
    })
  })

  test('three at once are merged into the oldest, each with its evidence', () => {
    const known = [point('c3', mail), point('c1', phone), point('c2', line)]
    expect(resolveContact(line, [mail, phone], known)).toEqual({
      ...nothing,
      contactId: 'c1',
      merges: [
        { fromContactId: 'c2', intoContactId: 'c1', evidence: phone },
        { fromContactId: 'c3', intoContactId: 'c1', evidence: mail },
      ],
    })
  })

  test('a new verified address joins the contact', () => {
    expect(resolveContact(line, [mail], [point('c1', line)])).toEqual({ ...nothing, contactId: 'c1', attach: [mail] })
  })

  test('another signed id on the same device starts over and carries nothing', () => {
    const anna = claim('external', 'anna', true)
    const ben = claim('external', 'ben', true)
    const known = [point('c1', visitor), point('c1', anna)]
    expect(resolveContact(visitor, [ben], known)).toEqual({
      ...nothing,
      contactId: null,
      attach: [ben],
      startsOver: true,
    })
    expect(resolveContact(visitor, [ben], [...known, point('c2', ben)])).toEqual({
      ...nothing,
      contactId: 'c2',
      startsOver: true,
    })
    expect(resolveContact(visitor, [anna], known)).toEqual({ ...nothing, contactId: 'c1' })
    expect(resolveContact(visitor, [ben], [point('c1', visitor)])).toEqual({
      ...nothing,
      contactId: 'c1',
      attach: [ben],
    })
  })
})

describe('properties', () => {
  const address: fc.Arbitrary<ClaimedAddress> = fc.record({
    kind: fc.constantFrom<ContactPointKind>('email', 'phone', 'line', 'external'),
    address: fc.constantFrom('1', '2', '3'),
    verified: fc.boolean(),
  })
  const known: fc.Arbitrary<KnownPoint[]> = fc.uniqueArray(
    fc.tuple(address, fc.constantFrom('c1', 'c2', 'c3')).map(([of, contactId]) => point(contactId, of)),
    { selector: ({ kind, address: at }) => `${kind} ${at}`, maxLength: 8 },
  )

  test('contacts are joined, and entered other than by the address of arrival, only on verified equality', () => {
    fc.assert(
      fc.property(address, fc.array(address, { maxLength: 4 }), known, (reachedBy, others, points) => {
        const decided = resolveContact(reachedBy, others, points)
        const same = (a: ClaimedAddress, b: ClaimedAddress): boolean => a.kind === b.kind && a.address === b.address
        const holder = points.find((p) => same(p, reachedBy))
        const proven = new Set(points.filter((p) => p.verified && others.some((o) => o.verified && same(o, p))).map((p) => p.contactId))
        if (decided.contactId !== null && decided.contactId !== holder?.contactId) expect(proven).toContain(decided.contactId)
        for (const { fromContactId, intoContactId } of decided.merges) {
          for (const id of [fromContactId, intoContactId]) expect(id === holder?.contactId || proven.has(id)).toBe(true)
          expect(intoContactId < fromContactId).toBe(true)
          if (holder !== undefined) expect(reachedBy.verified && holder.verified).toBe(true)
        }
        for (const added of decided.attach) {
          expect(points.some((p) => same(p, added))).toBe(false)
          expect(added === reachedBy || added.verified).toBe(true)
        }
        const keys = decided.attach.map(({ kind, address: at }) => `${kind} ${at}`)
        expect(new Set(keys).size).toBe(keys.length)
      }),
      { seed: 5, numRuns: 3_000 },
    )
  })
})
