import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLineSandbox } from '../../../channels/line/sandbox.ts'
import { createTwilioSandbox } from '../../../channels/twilio/sandbox.ts'
import { createFakeClock } from '../../../src/adapters/clock-fake.ts'
import { readConfig } from '../../../src/config.ts'
import { joinPhones } from '../../../src/http/sandbox-phones.ts'
import { startHub } from '../../../src/hub.ts'
import { phoneCustomerSchema, phonesSchema, phoneThreadSchema } from '../../../src/wire/sandbox.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { settings } from './stand-in.ts'

const account = { ...settings, number: settings.from, displayName: 'Shop', smsUrl: 'https://hub.test/webhooks/sms/1' }

function stage() {
  const clock = createFakeClock()
  const posted: URLSearchParams[] = []
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    posted.push(new URLSearchParams(typeof init?.body === 'string' ? init.body : ''))
    return new Response(null, { status: 200 })
  }
  const twilio = createTwilioSandbox({ clock, fetch, log: quietLog })
  const line = createLineSandbox({ clock, fetch, log: quietLog })
  return { posted, face: twilio.account(account), phones: joinPhones([line.phones, twilio.phones]) }
}

describe('phones with SMS', () => {
  it('stand beside others, each customer with a number of their own', async () => {
    const { phones } = stage()
    const mei = await phones.addCustomer(account.number, 'Mei')
    const chen = await phones.addCustomer(account.number, 'Chen')
    expect(mei?.id).not.toBe(chen?.id)
    expect([mei?.id, chen?.id]).not.toContain(account.number)
    expect(phonesSchema.parse(phones.list()).accounts).toMatchObject([
      { kind: 'sms', id: account.number, customers: [{ name: 'Mei' }, { name: 'Chen' }] },
    ])
    expect(await phones.addCustomer('+10000000000', 'Nobody')).toBeNull()
  })

  it('send texts and pictures, which the hub is told of', async () => {
    const { phones, posted } = stage()
    const id = (await phones.addCustomer(account.number, 'Mei'))?.id ?? ''
    await phones.act(account.number, id, { act: 'text', text: 'hello' })
    const thread = await phones.sendImage(account.number, id, { bytes: new Uint8Array([1]), mime: 'image/png' })
    expect(phoneThreadSchema.parse(thread).entries).toMatchObject([
      { from: 'customer', bubble: { type: 'text', text: 'hello' }, delivery: 'taken' },
      { from: 'customer', bubble: { type: 'image', url: expect.stringMatching(/^\/sandbox\/api\/content\/ME/) }, delivery: 'taken' },
    ])
    expect(posted.map((form) => [form.get('Body'), form.get('NumMedia'), form.get('From')])).toEqual([
      ['hello', '0', id],
      ['', '1', id],
    ])
  })

  it('stop and start, and are switched off and on', async () => {
    const { phones, posted } = stage()
    const id = (await phones.addCustomer(account.number, 'Mei'))?.id ?? ''
    expect((await phones.act(account.number, id, { act: 'block' }))?.customer.blocked).toBe(true)
    expect((await phones.act(account.number, id, { act: 'follow' }))?.customer.blocked).toBe(false)
    expect(posted.map((form) => form.get('Body'))).toEqual(['STOP', 'START'])
    expect((await phones.act(account.number, id, { act: 'power', on: false }))?.customer.off).toBe(true)
    expect((await phones.act(account.number, id, { act: 'power', on: true }))?.customer.off).toBe(false)
  })

  it('show again what was said before a restart', () => {
    const { phones, face } = stage()
    const message = { id: 'm1', at: 1, from: 'customer', parts: [{ type: 'text', text: 'before' }] } as const
    face.restore([
      {
        userId: '+12025550177',
        displayName: 'Mei',
        blocked: true,
        messages: [message, { ...message, id: 'm2', from: 'account', delivery: 'failed' }],
      },
    ])
    expect(phones.thread(account.number, '+12025550177')).toMatchObject({
      customer: { name: 'Mei', blocked: true },
      entries: [{ delivery: 'taken' }, { state: 'undelivered' }],
    })
  })
})

it('the demo centre has a number, and takes what its customers write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onequeue-sms-'))
  const hub = await startHub(readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, DEMO: '1', LOG_LEVEL: 'error' }))
  try {
    const api = async (path: string, body?: object): Promise<unknown> => {
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const answer = await fetch(`${hub.url}/sandbox/api${path}`, body === undefined ? {} : post)
      return answer.json()
    }
    const shop = phonesSchema.parse(await api('/phones')).accounts.find(({ kind }) => kind === 'sms')
    const number = encodeURIComponent(shop?.id ?? '')
    const mei = phoneCustomerSchema.parse(await api(`/phones/${number}`, { name: 'Mei' }))
    const thread = phoneThreadSchema.parse(await api(`/phones/${number}/${encodeURIComponent(mei.id)}`, { act: 'text', text: 'hello' }))
    expect(thread.entries).toMatchObject([{ bubble: { text: 'hello' }, delivery: 'taken' }])
  } finally {
    await hub.stop()
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
