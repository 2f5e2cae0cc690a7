import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Inbound } from '../../../channels/contract.ts'
import { createInboundReader } from '../../../channels/line/inbound.ts'

/** Types of parts that a LINE message may have. */
const inboundPartTypes = ['text', 'media', 'sticker', 'location', 'choice', 'unsupported']
const folder = new URL('../../../channels/line/fixtures/', import.meta.url)
const person = 'U4af4980629e7d3a1c0b5e2f9a6d81b37'
const member = 'U91eeaf62d1c6b2a7f0e3d5c4b8a97621'
const bot = 'U7c1f0e9d8b7a6c5d4e3f2a1b0c9d8e7f'
const groupId = 'C2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d'
const roomId = 'R5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b'

const alone = { threadKey: person, party: { kind: 'line', address: `1650:${person}`, verified: true } }
const inGroup = { threadKey: groupId, party: { kind: 'line_group', address: `1650:${groupId}`, verified: true } }
const inRoom = { threadKey: roomId, party: { kind: 'line_room', address: `1650:${roomId}`, verified: true } }
const token = { replyToken: { token: expect.stringMatching(/^[0-9a-f]{32}$/), expiresAt: expect.any(Number) } }
const quote = { kind: 'quoteToken', value: 'q3Plxr4AgKd9fWcXy' }
const read = { kind: 'markAsRead', value: 'mr-30yhdy232h7dt4hfcq4y2df' }
const said = (id: string, parts: object[], more: object = {}) => [{ type: 'message', externalId: id, ...alone, ...token, parts, ...more }]
const medium = (kind: string, messageId: string, more: object = {}) => [{ type: 'media', kind, source: { messageId }, ...more }]
const line = (kind: string, more: object = {}, where: object = alone) => [{ type: 'system', ...where, code: `line.${kind}`, ...more }]

/** What each fixture says; one for every file in the folder. */
const expected: Readonly<Record<string, readonly object[] | 'throws'>> = {
  ping: [],
  text: said('573001000000000001', [{ type: 'text', text: '請問訂單 A-1042 什麼時候到貨？' }], {
    providerIds: [quote, read],
  }),
  'text-entities': [
    {
      type: 'message',
      externalId: '573001000000000002',
      ...inGroup,
      ...token,
      quotedExternalId: '573001000000000001',
      memberId: member,
      providerIds: [quote],
      parts: [
        {
          type: 'text',
          text: '@All 你好(love)@客服',
          entities: [
            { kind: 'mention', index: 0, length: 4, value: 'all' },
            { kind: 'emoji', index: 7, length: 6, value: '5ac1bfd5040ab15980c9b435/002' },
            { kind: 'mention', index: 13, length: 3, value: bot, self: true },
          ],
        },
      ],
    },
  ],
  'text-nul': said('573001000000000003', [
    { type: 'text', text: 'abc(ok)', entities: [{ kind: 'emoji', index: 3, length: 4, value: 'p/1' }] },
  ]),
  sticker: said('573001000000000004', [
    { type: 'sticker', packageId: '446', stickerId: '1988', resourceType: 'STATIC', keywords: ['hello', 'hi', 'やあ'] },
  ]),
  'sticker-text': said('573001000000000005', [
    { type: 'sticker', packageId: '27533', stickerId: '1', resourceType: 'PER_STICKER_TEXT', text: '謝謝您' },
  ]),
  image: said('573001000000000006', medium('image', '573001000000000006')),
  'image-album': [1, 2].flatMap((index) =>
    said(`57300100000000001${index}`, [
      {
        type: 'media',
        kind: 'image',
        album: { id: expect.stringMatching(/^E005/), index, total: 2 },
        source: { messageId: `57300100000000001${index}` },
      },
    ]),
  ),
  'image-external': said('573001000000000007', [{ type: 'media', kind: 'image', source: { url: 'https://img.example.com/original.jpg' } }]),
  video: said('573001000000000008', medium('video', '573001000000000008', { durationMs: 60_000 })),
  audio: said('573001000000000009', medium('audio', '573001000000000009', { durationMs: 2_500 })),
  file: said('573001000000000020', medium('file', '573001000000000020', { name: '報價單 2026-01.pdf', bytes: 2_138 })),
  location: said('573001000000000021', [
    {
      type: 'location',
      latitude: 25.033964,
      longitude: 121.564468,
      title: '台北 101',
      address: '台北市信義區信義路五段7號',
    },
  ]),
  'message-unknown': said('573001000000000022', [{ type: 'unsupported', kind: 'hologram' }]),
  postback: [
    {
      type: 'message',
      ...alone,
      ...token,
      parts: [{ type: 'choice', data: 'action=book&item=7', params: { datetime: '2026-01-12T10:00' } }],
    },
  ],
  follow: [{ type: 'reachability', ...alone, ...token, reachable: true }],
  unfollow: [{ type: 'reachability', ...alone, reachable: false }],
  unsend: [{ type: 'unsent', ...alone, targetExternalId: '573001000000000001' }],
  edited: [
    {
      type: 'edited',
      ...inGroup,
      targetExternalId: '573001000000000002',
      parts: [{ type: 'text', text: '改成明天好嗎？' }],
    },
  ],
  join: [...line('join', {}, inGroup), { type: 'reachability', ...inGroup, ...token, reachable: true }],
  leave: [...line('leave', {}, inGroup), { type: 'reachability', ...inGroup, reachable: false }],
  'member-joined': [
    ...line('memberJoined', { params: { members: 2 } }, inGroup),
    { type: 'members', ...inGroup, joined: ['U4af4980629e7d3a1c0b5e2f9a6d81b37', 'U91eeaf62d1c6b2a7f0e3d5c4b8a97621'], left: [] },
  ],
  'member-left': [
    ...line('memberLeft', { params: { members: 1 } }, inGroup),
    { type: 'members', ...inGroup, joined: [], left: [expect.stringMatching(/^U[0-9a-f]{32}$/)] },
  ],
  'room-text': [
    {
      type: 'message',
      externalId: '573001000000000023',
      ...inRoom,
      ...token,
      parts: [{ type: 'text', text: 'hello all' }],
    },
  ],
  beacon: line('beacon', { params: { kind: 'enter' } }),
  'account-link': [...line('accountLink', { params: { result: 'ok' } }), { type: 'linked', ...alone, nonce: '4zsWVRgmZXw0aDpTn1Zt2g' }],
  'account-link-failed': [],
  'video-play-complete': line('videoPlayComplete', { params: { trackingId: 'spring-sale' } }),
  membership: line('membership', { params: { kind: 'joined' } }),
  unknown: line('unknown', { params: { kind: 'teleport' } }),
  'unknown-without-source': [],
  'bot-suspended': [{ type: 'account', health: 'suspended', detail: expect.stringMatching(/suspended/) }],
  'bot-resumed': [{ type: 'account', health: 'ok', detail: expect.stringMatching(/lifted/) }],
  activated: [{ type: 'account', health: 'ok', detail: expect.stringMatching(/activated/) }],
  deactivated: [{ type: 'account', health: 'suspended', detail: expect.stringMatching(/deactivated/) }],
  standby: [
    {
      type: 'message',
      externalId: '573001000000000024',
      ...alone,
      parts: [{ type: 'text', text: 'standby' }],
      providerIds: [quote, { kind: 'mode', value: 'standby' }],
    },
  ],
  'without-event-id': said('573001000000000025', [{ type: 'text', text: 'old' }]),
  'batch-poison': 'throws',
}

const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
const bodyOf = (name: string): Buffer => readFileSync(new URL(`${name}.json`, folder))
const requestOf = (body: Buffer) => ({ method: 'POST', path: '', publicUrl: '', headers: {}, body })
const reader = () => createInboundReader({ providerId: '1650', sendPolicy: 'reply_first' })

describe('reading webhook events', () => {
  it('has an expectation for every fixture', () => {
    expect(Object.keys(expected).toSorted()).toEqual(names.toSorted())
  })

  it.each(names)('%s', (name) => {
    const { split, parse } = reader()
    const wanted = expected[name]
    const readAll = (): Inbound[] => split(requestOf(bodyOf(name))).flatMap((payload) => parse(payload.raw))
    if (wanted === 'throws') expect(readAll).toThrow()
    else expect(readAll()).toMatchObject(wanted ?? ['no expectation'])
  })

  it.each(names.filter((name) => expected[name] !== 'throws'))('%s gives unique ids, whole instants and known parts', (name) => {
    const { split, parse } = reader()
    const items = split(requestOf(bodyOf(name))).flatMap((payload) => parse(payload.raw))
    expect(new Set(items.map((item) => item.externalId)).size).toBe(items.length)
    for (const item of items) {
      expect(Number.isSafeInteger(item.occurredAt)).toBe(true)
      if ('parts' in item) for (const part of item.parts) expect(inboundPartTypes).toContain(part.type)
    }
  })

  it('knows an event by its own id, then by its message, then by its content', () => {
    const { split } = reader()
    const id = (event: object): string | undefined =>
      split(requestOf(Buffer.from(JSON.stringify({ destination: bot, events: [event] }))))[0]?.externalId
    const message = { type: 'message', message: { id: '5', type: 'text', text: 'a' } }
    expect(id({ webhookEventId: '01ABC', ...message })).toBe('01ABC')
    expect(id(message)).toBe('message:5')
    const first = id({ type: 'beacon', timestamp: 1, deliveryContext: { isRedelivery: false } })
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(id({ type: 'beacon', timestamp: 1, deliveryContext: { isRedelivery: true } })).toBe(first)
    expect(id({ type: 'beacon', timestamp: 2, deliveryContext: { isRedelivery: false } })).not.toBe(first)
  })

  it('takes no reply token from an event in standby', () => {
    const raw = bodyOf('text').toString('utf8').replace('"active"', '"standby"')
    expect(reader().parse(raw)[0]).not.toHaveProperty('replyToken')
  })

  it('keeps a body with one event byte for byte', () => {
    const body = bodyOf('unknown')
    expect(reader().split(requestOf(body))[0]?.raw).toBe(body.toString('utf8'))
  })

  it('reads a whole body that was kept unsplit', () => {
    expect(reader().parse(bodyOf('image-album').toString('utf8'))).toHaveLength(2)
  })

  it('splits a batch with poison events so that the others can be read', () => {
    const { split, parse } = reader()
    const read = split(requestOf(bodyOf('batch-poison'))).map(({ raw }) => {
      try {
        return parse(raw)[0]?.externalId
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }
    })
    expect(read).toEqual([
      '573001000000000026',
      'The member "text" is missing or not text.',
      'The event is not an object.',
      '573001000000000028',
    ])
  })

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no JSON', Buffer.from('{')],
    ['a list', Buffer.from('[]')],
    ['no events', Buffer.from('{"destination":"U"}')],
    ['events that are none', Buffer.from('{"events":{}}')],
  ])('does not read %s', (_name, body) => {
    expect(() => reader().split(requestOf(body))).toThrow()
  })

  it.each([
    ['no source', { source: undefined }],
    ['an unknown kind of source', { source: { type: 'planet', userId: person } }],
    ['a user id that could leave its place in an address', { source: { type: 'user', userId: '../../v2/bot/info' } }],
    ['no timestamp', { timestamp: undefined }],
    ['a fractional timestamp', { timestamp: 1.5 }],
    ['no message', { message: undefined }],
    ['a message without an id', { message: { type: 'text', text: 'a' } }],
  ])('does not read an event with %s', (_name, change) => {
    const event = {
      type: 'message',
      timestamp: 1,
      source: { type: 'user', userId: person },
      message: { type: 'text', id: '1', text: 'a' },
    }
    const raw = JSON.stringify({ events: [{ ...event, ...change }] })
    expect(() => reader().parse(raw)).toThrow()
  })

  it.each([
    ['a sticker whose id is no id', { type: 'sticker', packageId: '1', stickerId: '1/../2' }],
    ['a place outside the earth', { type: 'location', latitude: 91, longitude: 0 }],
  ])('shows %s as unsupported', (_name, message) => {
    const event = {
      type: 'message',
      timestamp: 1,
      source: { type: 'user', userId: person },
      message: { id: '1', ...message },
    }
    const [item] = reader().parse(JSON.stringify({ events: [event] }))
    expect(item).toMatchObject({ parts: [{ type: 'unsupported', kind: message.type }] })
  })

  it('drops spans that do not lie in the text', () => {
    const emojis = [
      { index: 1, length: 9, productId: 'p', emojiId: '1' },
      { index: -1, length: 1, productId: 'p', emojiId: '1' },
      { index: 0, length: 0 },
      7,
    ]
    const event = {
      type: 'message',
      timestamp: 1,
      source: { type: 'user', userId: person },
      message: { id: '1', type: 'text', text: 'hi', emojis },
    }
    const [item] = reader().parse(JSON.stringify({ events: [event] }))
    expect(item).toMatchObject({ parts: [{ type: 'text', text: 'hi' }] })
    expect(JSON.stringify(item)).not.toContain('entities')
  })
})
