import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { maxWebhookBytes } from '../../../src/http/webhooks.ts'
import { newId } from '../../../src/lib/ids.ts'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../../src/services/inboxes/write-inbox.ts'
import { makeCentre } from '../../support/centre.ts'
import { factsOf } from '../../support/facts.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { eventOf, postBody, postEvents, textEvent } from '../../support/webhooks.ts'

describe.each(databases)('what comes to the webhooks’ door, %s', (database) => {
  const hub = useHub({ database })

  it('refuses a wrong, missing, empty and foreign signature with 403 and stores nothing', async () => {
    const { line, addLine, customer } = await makeCentre(hub())
    const other = await addLine()
    const body = JSON.stringify({ destination: 'U0', events: [textEvent(customer().userId, 'hello')] })
    const before = await rowsIn(hub())
    const good = Buffer.alloc(32, 7).toString('base64')
    for (const signature of [good, '', null, 'no base64 at all', `${good}x`]) {
      await expectProblem(await postBody(line, body, signature), 403, 'bad_signature')
    }
    await expectProblem(await postBody({ ...line, channelSecret: other.channelSecret }, body), 403, 'bad_signature')
    await expectProblem(await postBody(line, body.replace('hello', 'hallo'), null), 403, 'bad_signature')
    expect(await rowsIn(hub())).toEqual(before)
    expect(hub().takeErrors()).toEqual([])
  })

  it('refuses a body over the limit with 413, announced or not, and stores nothing', async () => {
    const { line, customer } = await makeCentre(hub())
    const before = await rowsIn(hub())
    const huge = JSON.stringify({ destination: 'U0', events: [textEvent(customer().userId, 'x'.repeat(maxWebhookBytes))] })
    await expectProblem(await postBody(line, huge), 413, 'too_large')
    expect(await postUnannounced(line.webhookUrl, Buffer.from(huge))).toBe(413)
    expect(await rowsIn(hub())).toEqual(before)
  })

  it('answers 404 for an inbox that is unknown, of another channel, switched off, or asked by GET', async () => {
    const { line, customer, webchatInboxId } = await makeCentre(hub())
    const event = textEvent(customer().userId, 'hello')
    const at = (path: string) => ({ ...line, webhookUrl: `${hub().url}/webhooks/${path}` })
    for (const path of [
      `line/${newId()}`,
      `sms/${line.inboxId}`,
      `line/${webchatInboxId}`,
      `webchat/${webchatInboxId}`,
      'line/no-such-inbox',
      'line',
      '',
    ]) {
      await expectProblem(await postEvents(at(path), [event]), 404)
    }
    await expectProblem(await fetch(line.webhookUrl), 404)
    await updateInbox(hub().ctx, systemViewer, line.inboxId, { enabled: false })
    await expectProblem(await postEvents(line, [event]), 404)
    expect((await factsOf(hub(), line.inboxId)).deliveries).toEqual([])
    await updateInbox(hub().ctx, systemViewer, line.inboxId, { enabled: true })
    expect((await postEvents(line, [event])).status).toBe(200)
  })

  it('takes the platform’s ping and keeps nothing', async () => {
    const { line } = await makeCentre(hub())
    expect((await postEvents(line, [])).status).toBe(200)
    expect((await factsOf(hub(), line.inboxId)).deliveries).toEqual([])
  })

  it('keeps what is signed and cannot be read: quarantined whole, answered 200, once', async () => {
    const { line } = await makeCentre(hub())
    const bodies = ['{"destination": "U0", "events": [', '[]', 'null', '', Buffer.from([0xff, 0xfe, 0x00, 0x7b])]
    for (const body of [...bodies, ...bodies]) expect((await postBody(line, body)).status).toBe(200)
    const { deliveries, messages } = await factsOf(hub(), line.inboxId)
    expect(deliveries.map(({ status, repeats }) => [status, repeats])).toEqual(bodies.map(() => ['quarantined', 1]))
    expect(deliveries.map(({ raw, encoding }) => Buffer.from(raw, encoding))).toEqual(bodies.map((body) => Buffer.from(body)))
    expect(deliveries.every(({ error }) => error !== null && error.length > 20)).toBe(true)
    expect(messages).toEqual([])
  })

  it('keeps kinds it does not know as a line or in the ledger alone, and goes on', async () => {
    const { line, customer } = await makeCentre(hub())
    const { userId } = customer()
    expect((await postEvents(line, [eventOf('hologram', userId), textEvent(userId, 'hello'), eventOf('hologram', userId)])).status).toBe(
      200,
    )
    const { deliveries, messages } = await factsOf(hub(), line.inboxId)
    expect(deliveries.map(({ status }) => status)).toEqual(['processed', 'processed', 'processed'])
    expect(messages.map(({ direction }) => direction)).toEqual(['in', 'system'])
  })
})

async function expectProblem(response: Response, status: number, code?: string): Promise<void> {
  const problem = (await response.json()) as Record<string, unknown>
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(problem).toMatchObject({
    status,
    requestId: expect.any(String),
    detail: expect.any(String),
    ...(code === undefined ? {} : { code }),
  })
  expect(response.status).toBe(status)
}

async function rowsIn({ ctx: { store } }: TestHub): Promise<unknown> {
  const { db, t } = store
  const tables = [t.deliveries, t.deliveryBodies, t.contacts, t.contactPoints, t.conversations, t.messages, t.events, t.counters, t.files]
  const counts = []
  for (const table of tables) counts.push((await db.select().from(table)).length)
  return counts
}

/** Sends a body in chunks without saying how long it will be. */
function postUnannounced(url: string, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    outgoing.on('error', reject)
    for (let at = 0; at < body.length; at += 65_536) outgoing.write(body.subarray(at, at + 65_536))
    outgoing.end()
  })
}
