import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelKit, Inbound, Outbound, RawPayload, SendResult, Session } from '../../channels/contract.ts'
import { channels } from '../../channels/index.ts'
import { newId } from '../../src/lib/ids.ts'
import { capabilitiesSchema } from '../../src/wire/inboxes.ts'
import { messagePartSchema } from '../../src/wire/messages.ts'
import { channelKit } from '../support/channel-kit.ts'
import type { ChannelDriver, Item, Provider } from './drivers/driver.ts'
import { drivers } from './drivers/index.ts'

/** Strings that bite whoever pastes them into SQL, HTML, paths, templates, logs or C. */
const hostile = [
  `'; drop table messages; --`,
  '<img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '{{constructor.constructor("return process")()}}',
  '__proto__',
  'line\r\nbreak\tand\u2028separators',
  '\u202Eright to left\u202C',
  'a'.repeat(4_000),
  '👩‍👩‍👧‍👦 漢字 ﷽',
  '%s %n %d $(id) `id`',
]

it('has a driver for every registered channel', () => {
  expect(drivers.map((driver) => driver.channel.id)).toEqual(channels.map((channel) => channel.id))
})

const neverFetch: ChannelKit['fetch'] = () => Promise.reject(new Error('No call was expected.'))

function open(driver: ChannelDriver, settings = driver.settings, fetch: ChannelKit['fetch'] = neverFetch): Session {
  const kit = channelKit({ publicUrl: 'https://hub.example', fetch })
  return driver.channel.open(driver.channel.config.parse(settings), kit)
}

/** A payload's items, whether the channel reads at once or in a thread of its own. */
async function readOf(session: Session, raw: string): Promise<Inbound[]> {
  return session.read === undefined ? session.parse(raw) : session.read(raw)
}

let made = 0
const textItem = (text: string): Item => {
  made += 1
  return { kind: 'text', text, id: `item${made}` }
}

describe.each(drivers.map((driver) => [driver.channel.id, driver] as const))('channel %s', (_id, driver) => {
  describe('settings', () => {
    it('takes its own, and again what it made of them', () => {
      const once = driver.channel.config.parse(driver.settings)
      expect(driver.channel.config.parse(once)).toEqual(once)
    })

    it('refuses unknown ones', () => {
      expect(driver.channel.config.safeParse({ ...driver.settings, colour: 'red' }).success).toBe(false)
    })

    it.each(driver.wrongSettings)('names %s when it is wrong', (name, settings) => {
      const parsed = driver.channel.config.safeParse(settings)
      expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([name])
    })

    it('declares capabilities that consoles understand', () => {
      expect(capabilitiesSchema.parse(driver.channel.capabilities)).toEqual(driver.channel.capabilities)
    })
  })

  describe('parsing', () => {
    it('turns a text into one message from a known party', async () => {
      const session = open(driver)
      const [item, ...rest] = await readOf(session, driver.payload(textItem('hello')).raw)
      expect(rest).toEqual([])
      expect(item).toMatchObject({ type: 'message', parts: [{ type: 'text', text: 'hello' }] })
    })

    it('is pure: the same payload gives the same answer, in any session and at any time', async () => {
      const { raw } = driver.payload(textItem('again'))
      const session = open(driver)
      const first = await readOf(session, raw)
      await readOf(session, driver.payload(textItem('something else')).raw)
      expect(await readOf(session, raw)).toEqual(first)
      expect(await readOf(open(driver), raw)).toEqual(first)
    })

    it.each(hostile)('takes %j as text and nothing else', async (text) => {
      const [item] = await readOf(open(driver), driver.payload(textItem(text)).raw)
      const expected = driver.ownLineEnds ? text.replaceAll('\r\n', '\n') : text
      expect(item?.type === 'message' ? item.parts : []).toEqual([{ type: 'text', text: expected }])
    })

    it('strips what no store takes', async () => {
      const [item] = await readOf(open(driver), driver.payload(textItem('a\u0000b\ud800c')).raw)
      expect(item?.type === 'message' ? item.parts : []).toEqual([{ type: 'text', text: 'abc' }])
    })

    it('gives parts that the wire knows', async () => {
      const [item] = await readOf(open(driver), driver.payload(textItem('x')).raw)
      const parts = item?.type === 'message' ? item.parts : []
      expect(parts.map((part) => messagePartSchema.safeParse(part).success)).toEqual([true])
    })

    it('throws on a payload that it cannot understand', async () => {
      const session = open(driver)
      await expect(readOf(session, driver.payload({ kind: 'poison', id: 'poison1' }).raw)).rejects.toThrow()
      await expect(readOf(session, 'no payload')).rejects.toThrow()
    })
  })

  const { webhook } = driver
  if (webhook === null) {
    it('takes no webhooks', () => expect(open(driver).webhook).toBeUndefined())
  } else {
    describe('webhook', () => {
      const face = () => {
        const opened = open(driver).webhook
        if (!opened) throw new Error('The channel should take webhooks.')
        return opened
      }

      it.each([
        ['valid', true],
        ['wrong', false],
        ['missing', false],
        ['foreign', false],
      ] as const)('with a %s signature: %s', (signing, ok) => {
        expect(face().verify(webhook.request([textItem('hello')], signing))).toBe(ok)
      })

      it('refuses a body that was changed after it was signed', () => {
        const request = webhook.request([textItem('pay10')], 'valid')
        const body = Buffer.from(request.body.toString('utf8').replace('pay10', 'pay99'))
        expect(face().verify({ ...request, body })).toBe(false)
      })

      it('carries nothing in a ping', () => {
        const request = webhook.request([], 'valid')
        expect([face().verify(request), face().split(request)]).toEqual([true, []])
      })

      it('keeps ids over redelivery and makes others for others', () => {
        const item = textItem('once')
        const idsOf = (payloads: RawPayload[]) => payloads.map((payload) => payload.externalId)
        const first = idsOf(face().split(webhook.request([item], 'valid')))
        expect(idsOf(face().split(webhook.request([item], 'valid', true)))).toEqual(first)
        expect(idsOf(face().split(webhook.request([textItem('once')], 'valid')))).not.toEqual(first)
      })

      it('splits a batch so that a poison event stands alone', () => {
        const session = open(driver)
        const items = [textItem('one'), { kind: 'poison', id: 'poison2' } as const, textItem('three')]
        const requests = (webhook.single ? items.map((item) => [item]) : [items]).map((some) => webhook.request(some, 'valid'))
        const payloads = requests.flatMap((request) => session.webhook?.split(request) ?? [])
        const read = payloads.map(({ raw }) => {
          try {
            return session.parse(raw).length
          } catch {
            return 'poison'
          }
        })
        expect(read).toEqual([1, 'poison', 1])
        expect(new Set(payloads.map((payload) => payload.externalId)).size).toBe(3)
      })

      it('keeps a kind that it does not know, as a neutral line', () => {
        const session = open(driver)
        const [payload] = session.webhook?.split(webhook.request([{ kind: 'unknown', id: 'new1' }], 'valid')) ?? []
        expect(session.parse(payload?.raw ?? '').map((item) => item.type)).toEqual(['system'])
      })

      it('throws on a signed body that cannot be read', () => {
        const request = webhook.garbage()
        expect(face().verify(request)).toBe(true)
        expect(() => face().split(request)).toThrow()
      })
    })
  }

  describe('sending', () => {
    let provider: Provider | undefined
    beforeAll(async () => {
      provider = await driver.provider?.start()
    })
    afterAll(async () => {
      await provider?.close()
    })

    const outbound = (text: string, more: Partial<Outbound> = {}): Outbound => ({
      outboxId: newId(),
      messageId: newId(),
      conversationId: newId(),
      retryKey: newId(),
      attempt: 1,
      threadKey: provider?.threadKey ?? 'visitor',
      address: provider?.address ?? { kind: 'visitor', address: 'visitor' },
      parts: [{ type: 'text', text }],
      quoted: null,
      claimReplyToken: async () => null,
      ...more,
    })
    const session = () => open(driver, provider?.settings, provider?.fetch)
    const send = (out: Outbound, signal = new AbortController().signal): Promise<SendResult> => session().send(out, signal)

    it('is taken, and names the message for receipts', async () => {
      const result = await send(outbound('hello'))
      expect(result).toMatchObject({ status: 'accepted', route: expect.any(String) })
      expect(result.status === 'accepted' ? result.providerIds.length : 0).toBeGreaterThan(0)
    })

    it('is not begun when it was given up before', async () => {
      const before = (await provider?.seen()) ?? []
      const result = await send(outbound('too late'), AbortSignal.abort())
      expect(result.status).toBe('retry')
      expect((await provider?.seen()) ?? []).toEqual(before)
    })

    it('takes a text as long as the capabilities say', async () => {
      const { textMaxChars } = driver.channel.capabilities
      expect((await send(outbound('漢'.repeat(textMaxChars ?? 20_000)))).status).toBe('accepted')
    })

    it('takes as many parts as the capabilities say', async () => {
      const parts = Array.from({ length: driver.channel.capabilities.maxParts }, (_, at) => ({ type: 'text', text: `part ${at}` }) as const)
      expect((await send(outbound('', { parts }))).status).toBe('accepted')
    })

    it('takes a sticker and a place exactly when the capabilities say so', async () => {
      const sticker = await send(outbound('', { parts: [{ type: 'sticker', packageId: '446', stickerId: '1988' }] }))
      const place = await send(outbound('', { parts: [{ type: 'location', latitude: 25.03, longitude: 121.56 }] }))
      const { stickers, location } = driver.channel.capabilities
      expect([sticker.status === 'accepted', place.status === 'accepted']).toEqual([stickers, location])
    })

    if (driver.provider !== null) {
      const { repeatable, knownLost = [], withoutHttp } = driver.provider
      const lost: readonly string[] = knownLost
      const disturbed = async (fault: Parameters<Provider['disturb']>[0], out: Outbound) => {
        provider?.disturb(fault)
        return send(out)
      }
      const countOf = async (text: string) => ((await provider?.seen()) ?? []).filter((seen) => seen === text).length

      it('tells a refusal in the provider’s words', async () => {
        const result = await disturbed('refuse', outbound('refused'))
        expect(result).toMatchObject({
          status: 'rejected',
          error: { provider: { message: expect.stringMatching(/./) } },
        })
        expect(await countOf('refused')).toBe(0)
      })

      it.each(['lose_request', 'lose_answer', 'unavailable'] as const)('after "%s" the customer sees it at most once', async (fault) => {
        const out = outbound(`fault ${fault}`)
        const first = await disturbed(fault, out)
        expect(first.status).toBe(repeatable || lost.includes(fault) ? 'retry' : 'unconfirmed')
        if (repeatable) expect((await send({ ...out, attempt: 2 })).status).toBe('accepted')
        expect(await countOf(`fault ${fault}`)).toBe(repeatable || fault === 'lose_answer' ? 1 : 0)
      })

      it('may be made again after its outcome was lost exactly where a repeat does no harm', () => {
        expect(session().resumable?.(null) ?? false).toBe(repeatable)
      })

      it.skipIf(withoutHttp)('stops waiting when it is given up', async () => {
        const giveUp = new AbortController()
        const hanging: ChannelKit['fetch'] = (_input, init) =>
          new Promise((_resolve, reject) => {
            init?.signal?.addEventListener('abort', () => reject(new Error('given up')))
            giveUp.abort()
          })
        const result = await open(driver, provider?.settings, hanging).send(outbound('never'), giveUp.signal)
        expect(result.status).toBe(repeatable ? 'retry' : 'unconfirmed')
      })
    }
  })
})
