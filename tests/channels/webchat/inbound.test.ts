import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parsePayload } from '../../../channels/webchat/inbound.ts'
import { webchatPayloadId, webchatPayloadSchema } from '../../../src/wire/webchat.ts'

const fixture = (name: string) => readFileSync(new URL(`../../../channels/webchat/fixtures/${name}.json`, import.meta.url), 'utf8')
const noForm = { preChat: null }
const visitorId = 'Zk3xvH0QTyq1m8o2n4pLwA'
const common = { threadKey: visitorId, party: { kind: 'visitor', address: visitorId, verified: true } }

describe('a payload of web chat', () => {
  it.each([
    [
      'message-text',
      {
        type: 'message',
        externalId: `${visitorId}:0197c1a2-3b4c-7d5e-8f60-718293a4b5c6`,
        occurredAt: 1_767_574_800_000,
        ...common,
        parts: [{ type: 'text', text: '請問這件外套還有 M 號嗎？👩‍👩‍👧' }],
        providerIds: [{ kind: 'client', value: '0197c1a2-3b4c-7d5e-8f60-718293a4b5c6' }],
        locale: 'zh-TW',
      },
    ],
    [
      'message-files',
      {
        type: 'message',
        externalId: `${visitorId}:0197c1a2-3b4c-7d5e-8f60-718293a4b5c7`,
        occurredAt: 1_767_574_801_000,
        ...common,
        parts: [
          { type: 'text', text: 'Here is the receipt.' },
          { type: 'uploaded', fileId: '0197c1a2-3b4c-7d5e-8f60-718293a4b5c8' },
        ],
        providerIds: [{ kind: 'client', value: '0197c1a2-3b4c-7d5e-8f60-718293a4b5c7' }],
      },
    ],
    [
      'receipt-read',
      {
        type: 'receipt',
        externalId: `${visitorId}:read:0197c1a2-3b4c-7d5e-8f60-718293a4b5c9`,
        occurredAt: 1_767_574_802_000,
        ...common,
        targetProviderId: '0197c1a2-3b4c-7d5e-8f60-718293a4b5c9',
        status: 'read',
      },
    ],
  ])('%s becomes what the hub knows', (name, expected) => {
    expect(parsePayload(fixture(name), noForm)).toEqual([expected])
  })

  it.each(['message-text', 'message-files', 'receipt-read'])('%s has the id that the gateway gives it', (name) => {
    const payload = webchatPayloadSchema.parse(JSON.parse(fixture(name)))
    expect(parsePayload(fixture(name), noForm).map((item) => item.externalId)).toEqual([webchatPayloadId(payload)])
  })

  it('of a kind that the gateway does not make is refused, to be quarantined', () => {
    expect(() => parsePayload(fixture('unknown-kind'), noForm)).toThrow()
  })

  it.each([
    ['no part', []],
    ['eleven parts', Array.from({ length: 11 }, () => ({ type: 'text', text: 'x' }))],
    ['a text over the limit', [{ type: 'text', text: 'x'.repeat(10_001) }]],
    ['only spaces', [{ type: 'text', text: ' \u0000\n' }]],
    ['a sticker', [{ type: 'sticker', packageId: '1', stickerId: '2' }]],
  ])('with %s is refused', (_what, parts) => {
    expect(() => parsePayload(JSON.stringify({ ...JSON.parse(fixture('message-text')), parts }), noForm)).toThrow()
  })
})
