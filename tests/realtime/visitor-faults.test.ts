import { beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  applyState,
  applySync,
  emptyThread,
  mergeMessages,
  type Thread,
} from '../../channels/webchat/widget/src/chat/model/thread.ts'
import { newId } from '../../src/lib/ids.ts'
import { sendMessage } from '../../src/services/conversations/send-message.ts'
import { type AgentConsole, agentSocket } from '../support/agent-client.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { factsOf, textsOf } from '../support/facts.ts'
import { useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { type Browser, openBrowser, textOf, visit } from './browser.ts'

describe('a visitor’s socket when things go wrong', () => {
  const hub = useHub()
  beforeEach(() => hub().fake.advance(61_000))

  /** A conversation that an agent has taken. */
  const talk = async (): Promise<{ centre: Centre; ann: AgentConsole; browser: Browser & { token: string }; conversationId: string }> => {
    const centre = await makeCentre(hub())
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const browser = await visit(hub(), centre.webchatInboxId)
    await browser.say('hello')
    return { centre, ann, browser, conversationId: await ann.acceptNext() }
  }
  const answer = (ann: AgentConsole, conversationId: string, text: string) =>
    ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text }] })

  it('the same client id is the same message, one after the other and all at once', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    const windows = await Promise.all(Array.from({ length: 5 }, () => openBrowser(hub(), browser.token)))
    const clientId = newId()
    const at_once = await Promise.all(windows.map((window) => window.say('once', clientId)))
    const later = await browser.say('something else under the same id', clientId)
    expect(new Set([...at_once, later].map(({ id }) => id)).size).toBe(1)
    expect(textsOf((await factsOf(hub(), webchatInboxId)).messages)).toEqual(['once'])
    for (const page of [browser, ...windows]) page.close()
  })

  it('ten first messages at once make one contact and one conversation', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { token, ...browser } = await visit(hub(), webchatInboxId)
    const windows = await Promise.all(Array.from({ length: 5 }, () => openBrowser(hub(), token)))
    await Promise.all(windows.flatMap((window, n) => [window.say(`m${n}`), window.say(`m${n + 5}`)]))
    const { conversations, messages } = await factsOf(hub(), webchatInboxId)
    expect(conversations).toHaveLength(1)
    expect(messages.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(textsOf(messages)).size).toBe(10)
    for (const page of [browser, ...windows]) page.close()
  })

  it('a line cut before or after the message was taken loses nothing and doubles nothing', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const first = await visit(hub(), webchatInboxId)
    const said: string[] = []
    let browser: Browser = first
    for (let n = 0; n < 30; n += 1) {
      const message = { clientId: newId(), parts: [{ type: 'text' as const, text: `m${n}` }] }
      said.push(`m${n}`)
      if (n % 3 !== 0) {
        // The request leaves, the answer finds nobody: the browser cannot know which of the two happened.
        browser.socket.emit('message.send', message)
        if (n % 3 === 1) browser.close()
        else browser.socket.io.engine.close()
        browser = await openBrowser(hub(), first.token)
      }
      await browser.get('message.send', message)
    }
    expect(textsOf((await factsOf(hub(), webchatInboxId)).messages)).toEqual(said)
    browser.close()
  })

  it('a browser that is cut at any moment shows, once back, what a fresh one shows', async () => {
    const { ann, browser, conversationId } = await talk()
    let thread: Thread = emptyThread
    const apply = (page: Browser) => {
      page.socket.on('message.changed', ({ seq, message }) => {
        if (thread.seq !== null) thread = advance(mergeMessages(thread, [message], seq), seq)
      })
      page.socket.on('state.changed', ({ seq, state }) => {
        if (thread.seq !== null) thread = advance(applyState(thread, state, seq), seq)
      })
    }
    let page = await openBrowser(hub(), browser.token)
    for (let n = 0; n < 25; n += 1) {
      apply(page)
      thread = applySync(thread, await page.get('sync', { since: thread.seq }))
      const work = Promise.all([answer(ann, conversationId, `a${n}`), browser.say(`v${n}`), answer(ann, conversationId, `b${n}`)])
      if (n % 2 === 0) page.close()
      await work
      if (n % 5 === 0) await ann.ask('conversation.read', { conversationId, ordinal: n })
      page.close()
      page = await openBrowser(hub(), browser.token)
    }
    const fresh = await until('all answers are handed over', async () => {
      const now = await browser.get('sync', { limit: 100 })
      return now.messages.length === 76 ? now : null
    })
    thread = applySync(thread, await page.get('sync', { since: thread.seq }))
    expect(thread.messages.map(textOf)).toEqual(fresh.messages.map(textOf))
    expect(new Set(thread.messages.map(({ id }) => id)).size).toBe(76)
    expect(thread.state).toEqual(fresh.state)
    for (const open of [ann.socket, browser, page]) open.close()
  })

  it('after a long absence the newest page comes instead of everything missed', async () => {
    const { ann, browser, conversationId, centre } = await talk()
    const { seq } = await browser.get('sync', {})
    const viewer = await centre.agent('ann').viewer()
    for (let n = 0; n < 210; n += 1) {
      const input = { clientId: newId(), kind: 'reply', parts: [{ type: 'text' as const, text: `a${n}` }], force: true } as const
      await sendMessage(hub().ctx, viewer, conversationId, { ...input, parts: [...input.parts] })
    }
    await until('all are handed over', () => browser.heard.some(({ body }) => 'message' in body && textOf(body.message) === 'a209'))
    const back = await browser.get('sync', { since: seq, limit: 20 })
    expect([back.fresh, back.older, back.messages.length, textOf(back.messages[0] as never)]).toEqual([true, true, 20, 'a190'])
    for (const page of [ann.socket, browser]) page.close()
  })

  it('the heartbeat says up to where everything was told', async () => {
    const { ann, browser, conversationId } = await talk()
    await answer(ann, conversationId, 'said before the beat')
    await until('it is told', () =>
      browser.heard.some(
        ({ name, body }) => name === 'message.changed' && 'message' in body && textOf(body.message) === 'said before the beat',
      ),
    )
    const { seq } = await browser.get('sync', {})
    await hub().fake.advance(10_000)
    const beat = await until('the heart beats', () => browser.heard.findLast(({ name }) => name === 'heartbeat'))
    expect(beat.body).toMatchObject({ at: expect.any(Number) })
    expect('seq' in beat.body ? beat.body.seq : -1).toBeGreaterThanOrEqual(seq)
    for (const page of [ann.socket, browser]) page.close()
  })

  it('a browser that does not read is cut, and comes back to everything', async () => {
    const { ann, browser, conversationId } = await talk()
    const slow = await openBrowser(hub(), browser.token)
    const { seq } = await slow.get('sync', {})
    const wire = slow.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
    wire.ws._socket.pause()
    // Signs of typing with a very long name: much to send, nothing to store.
    const signal = { conversationId, who: 'agent', id: 'ann', name: 'n'.repeat(6_500), until: 0 }
    const typed = () => browser.heard.filter(({ name }) => name === 'typing').length
    for (let batch = 1; batch <= 30; batch += 1) {
      for (let n = 0; n < 100; n += 1) await hub().ctx.broadcast.publish('typing', signal)
      await until('the one who reads has heard', () => typed() === batch * 100)
    }
    await answer(ann, conversationId, 'said meanwhile')
    wire.ws._socket.resume()
    await slow.closed
    const heardBySlow = slow.heard.filter(({ name }) => name === 'typing').length
    expect(heardBySlow).toBeLessThan(3_000)
    const back = await openBrowser(hub(), browser.token)
    expect(
      (
        await until('it is handed over', async () => {
          const missed = await back.get('sync', { since: seq })
          return missed.messages.length > 0 ? missed : null
        })
      ).messages.map(textOf),
    ).toEqual(['said meanwhile'])
    for (const page of [ann.socket, browser, back]) page.close()
  })

  it('who calls too much is told to wait, then cut; others go on', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const flood = await visit(hub(), webchatInboxId)
    const calm = await visit(hub(), webchatInboxId)
    const replies = await Promise.all(Array.from({ length: 150 }, () => flood.ask('typing', {})))
    const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.error]))
    expect(refused.length).toBeGreaterThanOrEqual(50)
    expect(refused[0]).toMatchObject({ kind: 'rate_limited', details: { retryAfterMs: expect.any(Number) } })
    for (let n = 0; n < 300; n += 1) flood.socket.emit('typing', {}, () => undefined)
    expect(await flood.closed).toBe('io server disconnect')
    expect(textOf(await calm.say('still here'))).toBe('still here')
    calm.close()
  })

  it('who writes too much is told to wait, and nothing of it is kept', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    const messages = Array.from({ length: 40 }, (_, n) => ({ clientId: newId(), parts: [{ type: 'text' as const, text: `m${n}` }] }))
    const replies = []
    for (const message of messages) replies.push(await browser.ask('message.send', message))
    expect(replies.filter(({ ok }) => ok)).toHaveLength(30)
    expect((await factsOf(hub(), webchatInboxId)).messages).toHaveLength(30)
    await hub().fake.advance(31_000)
    for (const message of messages.slice(30)) await browser.get('message.send', message)
    expect(textsOf((await factsOf(hub(), webchatInboxId)).messages)).toEqual(messages.map((_, n) => `m${n}`))
    browser.close()
  })

  it.each([
    ['a packet over the limit', (browser: Browser) => browser.socket.emit('message.send', { parts: ['x'.repeat(200_000)] })],
    ['a frame of no protocol', (browser: Browser) => rawSend(browser, '4zzzz')],
    [
      'a packet with more attachments than it has',
      (browser: Browser) => rawSend(browser, '4599999-/visitor,["x",{"_placeholder":true,"num":9}]'),
    ],
    [
      'an array nested too deeply',
      (browser: Browser) => rawSend(browser, `42/visitor,1["message.send",${'['.repeat(40_000)}${']'.repeat(40_000)}]`),
    ],
  ])('%s ends that browser’s line at most, and no other', async (_what, spoil) => {
    const { webchatInboxId } = await makeCentre(hub())
    const bad = await visit(hub(), webchatInboxId)
    const good = await visit(hub(), webchatInboxId)
    spoil(bad)
    expect(textOf(await good.say('unharmed'))).toBe('unharmed')
    expect((await factsOf(hub(), webchatInboxId)).messages).toHaveLength(1)
    for (const page of [bad, good]) page.close()
  })

  it.each([
    ['message.send', {}],
    ['message.send', { clientId: 'short', parts: [{ type: 'text', text: 'x' }] }],
    ['message.send', { clientId: newId(), parts: [] }],
    ['message.send', { clientId: newId(), parts: [{ type: 'text', text: '   ' }] }],
    ['message.send', { clientId: newId(), parts: [{ type: 'text', text: 'x'.repeat(10_001) }] }],
    ['message.send', { clientId: newId(), parts: [{ type: 'note', text: 'x' }] }],
    ['message.send', { clientId: newId(), parts: [{ type: 'file', fileId: newId() }] }],
    ['message.send', null],
    ['sync', { since: -1 }],
    ['sync', { since: '1', limit: { $gt: 0 } }],
    ['history', { before: { conversationId: { $ne: null }, ordinal: 1 } }],
    ['progress', { conversationId: newId(), ordinal: 'many', read: true }],
  ])('%s with %j is refused as wrong input and changes nothing', async (name, input) => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    const reply = await browser.socket.timeout(5_000).emitWithAck(name, input)
    expect(reply).toMatchObject({ ok: false, error: { kind: 'invalid_input' } })
    expect((await factsOf(hub(), webchatInboxId)).deliveries).toEqual([])
    browser.close()
  })

  it.each(['thread.open', 'message.delete', '__proto__', 'constructor', 'toString'])('the call %s does not exist', async (name) => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    expect(await browser.socket.timeout(5_000).emitWithAck(name, {})).toMatchObject({ ok: false, error: { code: 'unknown_call' } })
    browser.close()
  })
})

function rawSend(browser: Browser, frame: string): void {
  const { ws } = browser.socket.io.engine.transport as unknown as { ws: { send(data: string): void } }
  ws.send(frame)
}
