import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { VisitorPart, VisitorSession } from '../../src/wire/visitor.ts'
import type { WebchatConfig } from '../../src/wire/webchat.ts'
import { type Browser, openBrowser, visit, visitorSession } from '../realtime/browser.ts'
import { agentSocket } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf } from '../support/facts.ts'
import { publicUrl, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'

type ConfigInput = Partial<Record<keyof WebchatConfig, unknown>>

const consent = { version: '2026-01', text: { en: 'I agree that you keep what I write.' } }
const preChat = {
  fields: [
    { key: 'name', type: 'name', required: true },
    { key: 'email', type: 'email' },
    {
      key: 'topic',
      type: 'choice',
      label: { en: 'What about?', ja: 'ご用件' },
      required: true,
      options: [{ value: 'order', label: { en: 'An order' } }, { value: 'other' }],
    },
  ],
}
const text = (words: string): VisitorPart => ({ type: 'text', text: words })
const form = (answers: Record<string, string>, more: object = {}): VisitorPart => ({ type: 'form', form: 'prechat', answers, ...more })

describe('what a chat asks before the first word', () => {
  const hub = useHub()
  beforeEach(() => hub().fake.advance(61_000))

  const shop = async (config: ConfigInput) => {
    const centre = await makeCentre(hub())
    await updateInbox(hub().ctx, systemViewer, centre.webchatInboxId, { config })
    return { centre, inboxId: centre.webchatInboxId }
  }
  const send = (browser: Browser, parts: VisitorPart[], more: object = {}) =>
    browser.ask('message.send', { clientId: newId(), parts, ...more })
  const contactOf = async (inboxId: string) => {
    const { db, t } = hub().ctx.store
    const [message] = (await factsOf(hub(), inboxId)).messages
    const [contact] = (await db.select().from(t.contacts)).filter(({ id }) => id === message?.authorId)
    return contact
  }

  it('the form comes with the first message; names the customer, proves nothing', async () => {
    const { inboxId } = await shop({ preChat, consent })
    const browser = await visit(hub(), inboxId)
    expect(await send(browser, [text('hello')])).toMatchObject({ ok: false, error: { code: 'consent_required' } })
    const answers = { name: '  <b>Mei</b> ', email: 'Mei@Example.com', topic: 'order' }
    const reply = await send(browser, [form(answers, { consent: '2026-01' }), text('hello')])
    expect(reply).toMatchObject({ ok: true })
    const { messages } = await factsOf(hub(), inboxId)
    expect(messages[0]?.parts).toEqual([
      { type: 'choice', data: 'form:prechat', params: { name: '<b>Mei</b>', email: 'Mei@Example.com', 'What about?': 'An order' } },
      { type: 'text', text: 'hello' },
    ])
    const contact = await contactOf(inboxId)
    expect(contact?.name).toBe('<b>Mei</b>')
    const { db, t } = hub().ctx.store
    const points = (await db.select().from(t.contactPoints)).filter(({ contactId }) => contactId === contact?.id)
    expect(points.map(({ kind }) => kind)).toEqual(['visitor'])
    const given = (await db.select().from(t.consents)).filter(({ contactId }) => contactId === contact?.id)
    expect(given).toMatchObject([{ kind: 'webchat:2026-01', granted: true, source: 'webchat' }])
    expect(await send(browser, [text('more')])).toMatchObject({ ok: true })
    browser.close()
  })

  it.each([
    ['nothing where something is needed', { topic: 'order' }, 'answers.name'],
    ['spaces', { name: ' \u0000 ', topic: 'order' }, 'answers.name'],
    ['an address that is none', { name: 'x', topic: 'order', email: 'a@b' }, 'answers.email'],
    ['an answer nobody offered', { name: 'x', topic: 'admin' }, 'answers.topic'],
    ['a question nobody asked', { name: 'x', topic: 'order', role: 'admin' }, 'answers.role'],
    ['a name without end', { name: 'x'.repeat(201), topic: 'order' }, 'answers.name'],
  ])('a form with %s is refused, and nothing is stored', async (_what, answers, path) => {
    const { inboxId } = await shop({ preChat })
    const browser = await visit(hub(), inboxId)
    const reply = await send(browser, [form(answers), text('hello')])
    expect(reply).toMatchObject({ ok: false, error: { kind: 'invalid_input', fields: [{ path }] } })
    expect(await send(browser, [text('without')])).toMatchObject({ ok: false, error: { code: 'form_required' } })
    expect((await factsOf(hub(), inboxId)).deliveries).toEqual([])
    browser.close()
  })

  it('a consent to other words is none; new words are asked again', async () => {
    const { inboxId } = await shop({ consent })
    const browser = await visit(hub(), inboxId)
    expect(await send(browser, [form({}, { consent: '2025-12' }), text('x')])).toMatchObject({
      ok: false,
      error: { code: 'consent_required' },
    })
    expect(await send(browser, [form({}, { consent: '2026-01' }), text('x')])).toMatchObject({ ok: true })
    await updateInbox(hub().ctx, systemViewer, inboxId, { config: { consent: { ...consent, version: '2026-02' } } })
    const again = await openBrowser(hub(), browser.token)
    expect(await send(again, [text('y')])).toMatchObject({ ok: false, error: { code: 'consent_required' } })
    again.close()
  })

  it('the same form twice is one message', async () => {
    const { inboxId } = await shop({ preChat })
    const browser = await visit(hub(), inboxId)
    const message = { clientId: newId(), parts: [form({ name: 'Mei', topic: 'other' }), text('hello')] }
    await Promise.all([browser.get('message.send', message), browser.get('message.send', message)])
    expect((await factsOf(hub(), inboxId)).messages).toHaveLength(1)
    browser.close()
  })

  it('a form for an answer by e-mail becomes work in the queue, with the typed address as data', async () => {
    const { inboxId, centre } = await shop({ awayForm: 'closed_or_unattended' })
    const session = await visitorSession(hub(), inboxId)
    expect(session.service).toEqual({ mode: 'unattended', opensAt: null })
    const browser = await openBrowser(hub(), session.token)
    const away: VisitorPart = { type: 'form', form: 'away', answers: { name: 'Chen', email: 'Chen@Example.com' } }
    expect(await send(browser, [{ ...away, answers: { name: 'Chen' } }, text('x')])).toMatchObject({ ok: false })
    expect(await send(browser, [away, text('please call back')])).toMatchObject({ ok: true })
    const { db, t } = hub().ctx.store
    const [record] = (await db.select().from(t.visitors)).filter(({ id }) => id === session.visitorId)
    expect(record?.profile).toMatchObject({ email: 'chen@example.com', emailVerified: false, answerByEmail: true, name: 'Chen' })
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await ann.acceptNext()
    await hub().fake.advance(6_000)
    expect((await visitorSession(hub(), inboxId)).service.mode).toBe('open')
    for (const page of [ann, browser]) page.close()
  })

  it('of the page around it agents see what its owner allows, as plain text', async () => {
    const { inboxId } = await shop({})
    const browser = await visit(hub(), inboxId)
    const page = { url: 'https://shop.example/tea?token=CANARY#x', title: '<img src=x onerror=alert(1)>' }
    await send(browser, [text('hello')], { page })
    const { db, t } = hub().ctx.store
    const [record] = (await db.select().from(t.visitors)).filter(({ id }) => id === browser.visitorId)
    expect(record?.profile.page).toEqual({ url: 'https://shop.example/tea', title: '<img src=x onerror=alert(1)>' })
    await send(browser, [text('again')], { page: { url: 'javascript:alert(1)', title: 'x' } })
    const [same] = (await db.select().from(t.visitors)).filter(({ id }) => id === browser.visitorId)
    expect(same?.profile.page).toEqual(record?.profile.page)
    browser.close()
  })

  it('a tap on a suggested answer says its words and brings its data to the agent alone', async () => {
    const { inboxId, centre } = await shop({})
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const browser = await visit(hub(), inboxId)
    await send(browser, [text('hello')])
    const conversationId = await ann.acceptNext()
    const body = { kind: 'buttons' as const, text: 'Which one?', buttons: [{ type: 'reply' as const, label: 'This', data: 'this' }] }
    await ann.ask('message.send', {
      conversationId,
      clientId: newId(),
      parts: [
        { type: 'card', altText: 'Which one?', body },
        { type: 'quick_replies', items: [{ type: 'reply', label: 'Neither', data: 'none' }] },
      ],
    })
    const told = await until('the card comes', async () =>
      (await browser.get('sync', {})).messages.find(({ direction }) => direction === 'out'),
    )
    expect(told.parts).toEqual([
      { type: 'card', altText: 'Which one?', body },
      { type: 'quick_replies', items: [{ type: 'reply', label: 'Neither', data: 'none' }] },
    ])
    const reply = await send(browser, [{ type: 'choice', label: 'Neither', data: 'none' }])
    expect(reply.ok && reply.data.message.parts).toEqual([{ type: 'text', text: 'Neither' }])
    const { messages } = await factsOf(hub(), inboxId)
    expect(messages.at(-1)?.parts).toEqual([{ type: 'choice', label: 'Neither', data: 'none' }])
    for (const page of [ann, browser]) page.close()
  })

  const over = (inboxId: string, { token }: Pick<VisitorSession, 'token'>, path: string, body: unknown) =>
    fetch(`${hub().url}/chat/${inboxId}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })

  it('without a socket a browser keeps in step by asking', async () => {
    const { inboxId } = await shop({})
    const session = await visitorSession(hub(), inboxId)
    await over(inboxId, session, 'messages', { clientId: newId(), parts: [text('one')] })
    const first = (await (await over(inboxId, session, 'sync', {})).json()) as { seq: number; messages: unknown[]; fresh: boolean }
    expect(first).toMatchObject({ fresh: true, state: { status: 'waiting' } })
    expect(first.messages).toHaveLength(1)
    await over(inboxId, session, 'messages', { clientId: newId(), parts: [text('two')] })
    expect(await (await over(inboxId, session, 'sync', { since: first.seq })).json()).toMatchObject({ fresh: false, messages: [{}] })
    expect((await over(inboxId, { token: 'v1.x.y' }, 'sync', {})).status).toBe(401)
  })

  it('deletes all it has of a visitor when they ask for it, and nothing of anybody else', async () => {
    const { inboxId, centre } = await shop({ preChat, consent })
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const other = await visit(hub(), inboxId)
    const mine = await visit(hub(), inboxId)
    const introduction = form({ name: 'CANARY-name', email: 'canary@example.com', topic: 'order' }, { consent: '2026-01' })
    await send(mine, [introduction, text('CANARY-said')])
    const conversationId = await ann.acceptNext()
    await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text: 'CANARY-answer' }] })
    await ann.ask('message.send', { conversationId, clientId: newId(), kind: 'note', parts: [{ type: 'text', text: 'CANARY-note' }] })
    await send(other, [form({ name: 'Other', topic: 'other' }, { consent: '2026-01' }), text('stays')])
    expect((await over(inboxId, mine, 'erase', {})).status).toBe(400)
    expect((await over(inboxId, mine, 'erase', { confirm: true })).status).toBe(204)
    expect(await mine.closed).toBe('io server disconnect')
    const { db, t } = hub().ctx.store
    const kept = JSON.stringify([
      await db.select().from(t.messages),
      await db.select().from(t.deliveries),
      await db.select().from(t.conversations),
      await db.select().from(t.contacts),
      await db.select().from(t.contactPoints),
      await db.select().from(t.visitors),
      await db.select().from(t.files),
    ])
    expect(kept).not.toMatch(/CANARY/i)
    expect(kept).toContain('stays')
    const [row] = (await db.select().from(t.conversations)).filter(({ id }) => id === conversationId)
    expect(row?.status).toBe('resolved')
    expect((await over(inboxId, mine, 'sync', {})).status).toBe(401)
    const back = await visitorSession(hub(), inboxId, mine.token)
    expect(back.visitorId).not.toBe(mine.visitorId)
    for (const page of [ann, other]) page.close()
  })

  it('tells who waits their place, until somebody takes them', async () => {
    const { inboxId, centre } = await shop({})
    const [one, two] = [await visit(hub(), inboxId), await visit(hub(), inboxId)]
    await send(one, [text('first')])
    await hub().fake.advance(1_000)
    await send(two, [text('second')])
    const placeOf = (browser: Browser) => {
      const last = browser.heard.findLast(({ name }) => name === 'waiting')
      return last !== undefined && 'waiting' in last.body ? (last.body.waiting?.position ?? 'none') : 'unknown'
    }
    await until('both know their place', async () => {
      await hub().fake.advance(3_000)
      return placeOf(one) === 1 && placeOf(two) === 2
    })
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await ann.acceptNext()
    await until('the first waits no longer, the second moves up', async () => {
      await hub().fake.advance(3_000)
      return placeOf(one) === 'none' && placeOf(two) === 1
    })
    for (const page of [ann, one, two]) page.close()
  })
})
