import { describe, expect, it } from 'vitest'
import { newId } from '../../../src/lib/ids.ts'
import { agentSocket, apiOf, type CallRefused } from '../../support/agent-client.ts'
import { factsOf, textsOf } from '../../support/facts.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { type Talk, talk } from '../../support/talk.ts'

const five = [1, 2, 3, 4, 5]

describe.each(databases)('what agents write, %s', (database) => {
  const hub = useHub({ database })

  it('is refused before it is queued when the channel cannot carry it, saying the limit', async () => {
    const t = await talk(hub())
    const send = (parts: unknown[]) =>
      apiOf(hub(), t.centre.agent('ann')).send('POST', `/api/v1/conversations/${t.conversationId}/messages`, { clientId: newId(), parts })
    const stored = await outgoingOf(hub(), t)
    expect(await send([{ type: 'text', text: 'x'.repeat(15_001) }])).toMatchObject({
      status: 400,
      body: { code: 'too_long', details: { maxChars: 15_000, chars: 15_001 }, detail: expect.stringContaining('15000') },
    })
    expect(await send(five.concat(6).map((n) => ({ type: 'text', text: `${n}` })))).toMatchObject({
      status: 400,
      body: { code: 'too_many_parts', details: { maxParts: 5 } },
    })
    const long = { type: 'text', text: 'x'.repeat(14_999) }
    expect(await send([long, long])).toMatchObject({ status: 400, body: { code: 'too_many_parts' } })
    expect(await send([{ type: 'file', fileId: newId() }])).toMatchObject({ status: 400, body: { code: 'unknown_file' } })
    expect(await send([{ type: 'text', text: '' }])).toMatchObject({ status: 400, body: { fields: [{ path: 'parts.0.text' }] } })
    expect(await send([])).toMatchObject({ status: 400, body: { fields: [{ path: 'parts' }] } })
    expect(await outgoingOf(hub(), t)).toEqual(stored)
    expect((await send([{ type: 'text', text: '茶'.repeat(5_000) }])).status).toBe(201)
    t.close()
  })

  it('is one message under one client id, also when it is sent five times at once, on two ways (F20)', async () => {
    const t = await talk(hub())
    const api = apiOf(hub(), t.centre.agent('ann'))
    const byHttp = async () =>
      (
        await api.send<{ id: string }>('POST', `/api/v1/conversations/${t.conversationId}/messages`, {
          clientId: 'client-five',
          parts: [{ type: 'text', text: 'once' }],
        })
      ).body.id
    const ids = await Promise.all(five.map((n) => (n % 2 === 0 ? byHttp() : t.answer('once', 'client-five'))))
    expect(new Set(ids).size).toBe(1)
    expect(await t.answer('another text under the same id', 'client-five')).toBe(ids[0])
    const { messages } = await factsOf(hub(), t.centre.line.inboxId)
    expect(textsOf(messages.filter(({ direction }) => direction === 'out'))).toEqual(['once'])
    t.close()
  })

  it('does not let two people share a client id', async () => {
    const t = await talk(hub(), { agents: { ann: {}, sue: { role: 'supervisor' } } })
    await t.answer('mine', 'client-shared')
    const sue = await agentSocket(hub(), t.centre.agent('sue'))
    const theirs = sue.ask('message.send', {
      conversationId: t.conversationId,
      clientId: 'client-shared',
      parts: [{ type: 'text', text: 'theirs' }],
    })
    await expect(theirs).rejects.toMatchObject({ wire: { kind: 'conflict', code: 'client_id_taken' } })
    sue.close()
    t.close()
  })

  it('is held when the customer wrote meanwhile, and goes when its author insists', async () => {
    const t = await talk(hub())
    const seenSeq = await newestSeq(hub())
    await t.chen.sendText('wait, one more thing')
    const input = { conversationId: t.conversationId, clientId: 'client-guard', parts: [{ type: 'text' as const, text: 'done!' }], seenSeq }
    const refused = await t.ann.ask('message.send', input).catch((error: unknown) => error as CallRefused)
    const { messages } = await factsOf(hub(), t.centre.line.inboxId)
    const news = messages.find(({ parts }) => JSON.stringify(parts).includes('one more'))
    expect(refused).toMatchObject({ wire: { kind: 'conflict', code: 'newer_messages', details: { messageIds: [news?.id] } } })
    expect(await t.ann.ask('message.send', { ...input, force: true })).toMatchObject({ message: { direction: 'out' } })
    t.close()
  })

  it('is not held by one’s own messages, by notes, or by what was seen; notes are never held', async () => {
    const t = await talk(hub(), { agents: { ann: {}, sue: { role: 'supervisor' } } })
    const sue = await agentSocket(hub(), t.centre.agent('sue'))
    const seenSeq = await newestSeq(hub())
    const write = (who: typeof sue, text: string, more: object = {}) =>
      who.ask('message.send', { conversationId: t.conversationId, clientId: newId(), parts: [{ type: 'text', text }], ...more })
    await write(t.ann, 'first', { seenSeq })
    await write(sue, 'a note', { kind: 'note' })
    await write(t.ann, 'second', { seenSeq })
    await write(sue, 'a colleague answers')
    await expect(write(t.ann, 'third', { seenSeq })).rejects.toMatchObject({ wire: { code: 'newer_messages' } })
    await write(t.ann, 'a note all the same', { kind: 'note', seenSeq })
    await write(t.ann, 'third', { seenSeq: await newestSeq(hub()) })
    sue.close()
    t.close()
  })

  it('is the assignee’s to write: others may note, strangers see nothing', async () => {
    const t = await talk(hub(), {
      queues: { main: {}, other: {} },
      agents: { ann: { queues: ['main'] }, bob: { queues: ['main'] }, eve: { queues: ['other'] } },
    })
    const [bob, eve] = [apiOf(hub(), t.centre.agent('bob')), apiOf(hub(), t.centre.agent('eve'))]
    const path = `/api/v1/conversations/${t.conversationId}/messages`
    const body = (kind: string) => ({ clientId: newId(), kind, parts: [{ type: 'text', text: 'hm' }] })
    expect((await bob.send('POST', path, body('reply'))).status).toBe(403)
    expect((await bob.send('POST', path, body('note'))).status).toBe(201)
    expect((await eve.send('POST', path, body('note'))).status).toBe(404)
    expect((await eve.get(path)).status).toBe(404)
    t.close()
  })

  it('reads up to where the assignee has read, never back, and nobody else’s looking counts', async () => {
    const t = await talk(hub(), { agents: { ann: {}, sue: { role: 'supervisor' } } })
    await t.chen.sendText('two')
    const sue = await agentSocket(hub(), t.centre.agent('sue'))
    const readCount = async () => (await factsOf(hub(), t.centre.line.inboxId)).conversations[0]?.readCount
    await sue.ask('conversation.read', { conversationId: t.conversationId, ordinal: 3 })
    expect(await readCount()).toBe(0)
    await t.ann.ask('conversation.read', { conversationId: t.conversationId, ordinal: 2 })
    await t.ann.ask('conversation.read', { conversationId: t.conversationId, ordinal: 1 })
    expect(await readCount()).toBe(2)
    await t.ann.ask('conversation.read', { conversationId: t.conversationId, ordinal: 1_000_000 })
    expect(await readCount()).toBe(3)
    sue.close()
    t.close()
  })
})

async function newestSeq({ ctx: { store } }: TestHub): Promise<number> {
  return Math.max(0, ...(await store.db.select({ seq: store.t.events.seq }).from(store.t.events)).map(({ seq }) => seq))
}

async function outgoingOf(hub: TestHub, t: Talk): Promise<unknown> {
  const { messages } = await factsOf(hub, t.centre.line.inboxId)
  const { outbox } = hub.ctx.store.t
  return [messages.filter(({ direction }) => direction === 'out'), (await hub.ctx.store.db.select().from(outbox)).length]
}
