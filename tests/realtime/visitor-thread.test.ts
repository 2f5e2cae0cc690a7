import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import type { VisitorMessage, VisitorState } from '../../src/wire/visitor.ts'
import { type AgentConsole, agentSocket } from '../support/agent-client.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { conversationRow, factsOf } from '../support/facts.ts'
import { databases, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { type Browser, openBrowser, textOf, visit } from './browser.ts'

const dayMs = 86_400_000

describe.each(databases)('a visitor’s thread, %s', (database) => {
  const hub = useHub({ database })
  beforeEach(() => hub().fake.advance(61_000))

  const serving = async (centre: Centre): Promise<AgentConsole> => {
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    return ann
  }
  const reply = async (ann: AgentConsole, conversationId: string, text: string) => {
    await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text }] })
  }
  const hears = (browser: Browser, text: string): Promise<VisitorMessage> =>
    until(`the visitor hears "${text}"`, () => {
      const found = browser.heard.find((event) => event.name === 'message.changed' && textOf(event.body.message) === text)
      return found?.name === 'message.changed' ? found.body.message : null
    })
  const isTold = (browser: Browser, fits: (state: VisitorState) => boolean): Promise<VisitorState> =>
    until('the visitor is told of a state', () => {
      const found = browser.heard.findLast((event) => event.name === 'state.changed' && fits(event.body.state))
      return found?.name === 'state.changed' ? found.body.state : null
    })

  it('begins empty and stores nothing before the first word', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    expect(await browser.get('sync', {})).toMatchObject({
      state: { conversationId: null, status: 'none', agentName: null },
      messages: [],
      fresh: true,
      older: false,
    })
    expect((await factsOf(hub(), webchatInboxId)).conversations).toEqual([])
    browser.close()
  })

  it('goes from the browser to the agent and back, and every window of the visitor sees it', async () => {
    const centre = await makeCentre(hub())
    const ann = await serving(centre)
    const browser = await visit(hub(), centre.webchatInboxId)
    const other = await openBrowser(hub(), browser.token)
    const sent = await browser.say('hello')
    expect(sent).toMatchObject({ direction: 'in', ordinal: 1, status: 'delivered', authorName: null })
    const conversationId = await ann.acceptNext()
    expect(sent.conversationId).toBe(conversationId)
    expect(await isTold(browser, ({ status }) => status === 'talking')).toMatchObject({ agentName: 'ann' })
    await reply(ann, conversationId, 'good morning')
    for (const window of [browser, other]) {
      expect(await hears(window, 'good morning')).toMatchObject({ direction: 'out', authorName: 'ann', clientId: null, status: null })
      expect(await hears(window, 'hello')).toMatchObject({ id: sent.id })
    }
    for (const page of [ann.socket, browser, other]) page.close()
  })

  it('tells the agent what arrived and what was read, and the visitor what the agent has read', async () => {
    const centre = await makeCentre(hub())
    const ann = await serving(centre)
    const browser = await visit(hub(), centre.webchatInboxId)
    const other = await openBrowser(hub(), browser.token)
    await browser.say('are you there?')
    const conversationId = await ann.acceptNext()
    await ann.ask('thread.open', { conversationId })
    await reply(ann, conversationId, 'I am')
    const { ordinal } = await hears(browser, 'I am')
    const shown = (status: string) =>
      ann.heard('message.changed', ({ message }) => message.ordinal === ordinal && message.delivery?.status === status)
    await browser.get('progress', { conversationId, ordinal, read: false })
    await shown('delivered')
    await browser.get('progress', { conversationId, ordinal, read: true })
    await shown('read')
    await isTold(other, ({ seenCount }) => seenCount === ordinal)
    await browser.get('progress', { conversationId, ordinal, read: false })
    expect((await conversationRow(hub(), conversationId)).customerReadCount).toBe(ordinal)
    await ann.ask('conversation.read', { conversationId, ordinal })
    await isTold(browser, ({ readCount }) => readCount === ordinal)
    expect((await browser.get('sync', {})).messages.map(({ status }) => status)).toEqual(['read', null])
    for (const page of [ann.socket, browser, other]) page.close()
  })

  it('shows who types, both ways', async () => {
    const centre = await makeCentre(hub())
    const ann = await serving(centre)
    const browser = await visit(hub(), centre.webchatInboxId)
    await browser.say('hello')
    const conversationId = await ann.acceptNext()
    await ann.ask('thread.open', { conversationId })
    const typed: unknown[] = []
    ann.socket.on('typing', (signal) => void typed.push(signal))
    await browser.get('typing', {})
    await until('the agent sees the visitor type', () => typed.length > 0)
    expect(typed[0]).toMatchObject({ conversationId, who: 'contact' })
    await ann.ask('typing', { conversationId, mode: 'note' })
    await hub().fake.advance(2_000)
    await ann.ask('typing', { conversationId })
    const signal = await until('the visitor sees the agent type', () => browser.heard.find(({ name }) => name === 'typing'))
    expect(signal.body).toEqual({ name: 'ann', until: hub().clock.now() + 6_000 })
    expect(browser.heard.filter(({ name }) => name === 'typing')).toHaveLength(1)
    for (const page of [ann.socket, browser]) page.close()
  })

  it('goes on in a new conversation when the old one is over for long, in one line for the visitor', async () => {
    const centre = await makeCentre(hub())
    const ann = await serving(centre)
    const browser = await visit(hub(), centre.webchatInboxId)
    const first = await browser.say('first')
    await ann.acceptNext()
    await ann.ask('conversation.finish', { conversationId: first.conversationId })
    await ann.ask('conversation.wrap-up', { conversationId: first.conversationId })
    await isTold(browser, ({ status }) => status === 'ended')
    ann.close()
    hub().fake.jump(5 * dayMs)
    const other = await openBrowser(hub(), browser.token)
    const second = await browser.say('second')
    expect(second.conversationId).not.toBe(first.conversationId)
    await hears(other, 'second')
    await isTold(other, ({ conversationId, status }) => conversationId === second.conversationId && status === 'waiting')
    expect((await other.get('sync', {})).messages.map(textOf)).toEqual(['first', 'second'])
    for (const page of [browser, other]) page.close()
  })

  it('is paged backwards over conversations, and forgets what is older than the inbox keeps', async () => {
    const centre = await makeCentre(hub())
    const browser = await visit(hub(), centre.webchatInboxId)
    for (let n = 1; n <= 12; n += 1) {
      await browser.say(`m${n}`)
      await hub().fake.advance(2_000)
    }
    const page = await browser.get('sync', { limit: 5 })
    expect([page.messages.map(textOf), page.older]).toEqual([['m8', 'm9', 'm10', 'm11', 'm12'], true])
    const placeOf = (message: VisitorMessage | undefined) => ({
      conversationId: message?.conversationId ?? '',
      ordinal: message?.ordinal ?? 0,
    })
    const earlier = await browser.get('history', { before: placeOf(page.messages[0]), limit: 5 })
    expect([earlier.messages.map(textOf), earlier.older]).toEqual([['m3', 'm4', 'm5', 'm6', 'm7'], true])
    const first = await browser.get('history', { before: placeOf(earlier.messages[0]), limit: 5 })
    expect([first.messages.map(textOf), first.older]).toEqual([['m1', 'm2'], false])
    hub().fake.jump(179 * dayMs)
    const back = await visit(hub(), centre.webchatInboxId, browser.token)
    await back.say('after long')
    hub().fake.jump(2 * dayMs)
    expect((await back.get('sync', {})).messages.map(textOf)).toEqual(['after long'])
    for (const page_ of [browser, back]) page_.close()
  })

  it('is nobody else’s: another visitor’s places, files and ids open nothing', async () => {
    const centre = await makeCentre(hub())
    const ann = await serving(centre)
    const alice = await visit(hub(), centre.webchatInboxId)
    const mallory = await visit(hub(), centre.webchatInboxId)
    const secret = await alice.say('CANARY-ALICE')
    const conversationId = await ann.acceptNext()
    await reply(ann, conversationId, 'CANARY-ANSWER')
    const answer = await hears(alice, 'CANARY-ANSWER')
    await mallory.say('hello')
    expect(await mallory.get('history', { before: { conversationId, ordinal: 100 } })).toMatchObject({ messages: [], older: false })
    await mallory.get('progress', { conversationId, ordinal: answer.ordinal, read: true })
    await mallory.get('sync', { since: 0 })
    await mallory.get('sync', {})
    expect((await conversationRow(hub(), conversationId)).customerReadCount).toBe(0)
    const same = await mallory.get('message.send', { clientId: secret.clientId ?? '', parts: [{ type: 'text', text: 'mine' }] })
    expect(textOf(same.message)).toBe('mine')
    expect(mallory.frames.filter((frame) => frame.includes('CANARY'))).toEqual([])
    for (const page of [ann.socket, alice, mallory]) page.close()
  })
})
