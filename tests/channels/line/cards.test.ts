import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutboundPart } from '../../../channels/contract.ts'
import { type CardBody, cardBodySchema, quickReplySchema } from '../../../src/wire/cards.ts'
import { outbound, patient, type StandIn, startStandIn } from './stand-in.ts'

let platform: StandIn
let mei: ReturnType<StandIn['account']['user']>
beforeEach(async () => {
  platform = await startStandIn()
  mei = platform.account.user({ displayName: 'Mei' })
})
afterEach(() => platform.close())

const fileId = '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69'
const urls = { [fileId]: 'https://hub.test/media/token/a.jpg' }
const say = { type: 'say', label: '好', text: '好，麻煩您' } as const
const reply = { type: 'reply', label: 'Book', data: 'book=7' } as const
const open = { type: 'open', label: 'Shop', url: 'https://shop.example/a' } as const
const pick = { type: 'pick', label: 'Day', data: 'day', mode: 'date', min: '2026-01-01' } as const

const cards: readonly [CardBody, object][] = [
  [
    { kind: 'buttons', title: 'Tea', text: 'Which?', imageFileId: fileId, buttons: [say, reply, open, pick] },
    { type: 'template', template: { type: 'buttons', thumbnailImageUrl: urls[fileId], actions: expect.any(Array) } },
  ],
  [
    { kind: 'confirm', text: 'Sure?', buttons: [say, reply] },
    { type: 'template', template: { type: 'confirm' } },
  ],
  [
    {
      kind: 'carousel',
      columns: [
        { text: 'a', buttons: [say] },
        { text: 'b', buttons: [open] },
      ],
    },
    { type: 'template', template: { type: 'carousel', columns: [{ text: 'a' }, { text: 'b' }] } },
  ],
  [
    { kind: 'image_carousel', columns: [{ imageFileId: fileId, button: open }] },
    { type: 'template', template: { type: 'image_carousel', columns: [{ imageUrl: urls[fileId] }] } },
  ],
  [
    { kind: 'image_map', imageFileId: fileId, height: 520, areas: [{ x: 0, y: 0, width: 520, height: 520, button: say }] },
    { type: 'imagemap', baseUrl: 'https://hub.test/media/token', baseSize: { width: 1040, height: 520 } },
  ],
  [
    { kind: 'flex', contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'x' }] } } },
    { type: 'flex', contents: { type: 'bubble' } },
  ],
]

async function shown(parts: readonly OutboundPart[]) {
  expect(await platform.open().send(outbound(mei.userId, parts), patient)).toMatchObject({ status: 'accepted' })
  return platform.account
    .thread(mei.userId)
    .entries.filter(({ from }) => from === 'account')
    .map(({ message }) => message)
}

describe('what agents and rules may send beyond words', () => {
  it.each(cards.map(([body, message]) => [body.kind, body, message] as const))(
    '%s is taken by the platform',
    async (_kind, body, message) => {
      expect(cardBodySchema.safeParse(body).success).toBe(true)
      expect(await shown([{ type: 'card', altText: 'A card', body, urls }])).toMatchObject([{ altText: 'A card', ...message }])
    },
  )

  it('stands suggested answers under the last bubble, of every kind there is', async () => {
    const items = [say, reply, open, pick, ...(['location', 'camera', 'camera_roll'] as const).map((type) => ({ type, label: type }))]
    for (const item of items) expect(quickReplySchema.safeParse(item).success).toBe(true)
    const [first, last] = await shown([
      { type: 'text', text: 'one' },
      { type: 'quick_replies', items },
      { type: 'text', text: 'two' },
    ])
    expect(first).not.toHaveProperty('quickReply')
    expect(last).toMatchObject({ text: 'two', quickReply: { items: expect.any(Array) } })
  })

  it('writes LINE emoji and braces so that the platform reads them as they were meant', async () => {
    const text = 'a {b} (love) c'
    const value = '5ac1bfd5040ab15980c9b435/002'
    const [message] = await shown([{ type: 'text', text, entities: [{ kind: 'emoji', index: 6, length: 6, value }] }])
    expect(message).toMatchObject({
      type: 'textV2',
      text: 'a {{b}} {emoji0} c',
      substitution: { emoji0: { type: 'emoji', productId: '5ac1bfd5040ab15980c9b435', emojiId: '002' } },
    })
  })

  it('leaves a mention as words in a chat with one person, where nobody can be mentioned', async () => {
    expect(
      await shown([{ type: 'text', text: '@All hi', entities: [{ kind: 'mention', index: 0, length: 4, value: 'all' }] }]),
    ).toMatchObject([{ type: 'text', text: '@All hi' }])
  })

  it('sends a text that is too long for one bubble as several, cut between letters', async () => {
    const text = '👨‍👩‍👧‍👦'.repeat(1_000)
    const bubbles = await shown([{ type: 'text', text }])
    expect(bubbles.length).toBeGreaterThan(2)
    expect(bubbles.map((bubble) => String(bubble['text'])).join('')).toBe(text)
    for (const bubble of bubbles) expect(String(bubble['text']).startsWith('👨')).toBe(true)
  })

  it.each([
    ['a label of 21 letters', { kind: 'confirm', text: 'x', buttons: [{ ...say, label: 'x'.repeat(21) }, say] }],
    ['61 letters beside a title', { kind: 'buttons', title: 't', text: 'x'.repeat(61), buttons: [say] }],
    ['five buttons', { kind: 'buttons', text: 'x', buttons: [say, say, say, say, say] }],
    [
      'columns with unequal buttons',
      {
        kind: 'carousel',
        columns: [
          { text: 'a', buttons: [say] },
          { text: 'b', buttons: [say, say] },
        ],
      },
    ],
    ['a script as an address', { kind: 'buttons', text: 'x', buttons: [{ ...open, url: 'javascript:alert(1)' }] }],
    ['a form that is too large', { kind: 'flex', contents: { type: 'bubble', body: 'x'.repeat(50_001) } }],
  ])('refuses %s before it is sent', (_name, body) => {
    expect(cardBodySchema.safeParse(body).success).toBe(false)
  })

  it('counts letters as a reader does: a flag and a family are one each', () => {
    expect(
      cardBodySchema.safeParse({ kind: 'confirm', text: 'x', buttons: [{ ...say, label: '👨‍👩‍👧‍👦🇹🇼'.repeat(10) }, say] }).success,
    ).toBe(true)
  })
})
