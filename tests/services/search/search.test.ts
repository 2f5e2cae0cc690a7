import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../../src/services/inboxes/write-inbox.ts'
import { indexAll, isBehind } from '../../../src/services/search/index-next.ts'
import type { SearchResults } from '../../../src/wire/search.ts'
import { apiOf } from '../../support/agent-client.ts'
import { type Centre, makeCentre, type TestAgent } from '../../support/centre.ts'
import { factsOf } from '../../support/facts.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { eventOf, postEvents, textEvent } from '../../support/webhooks.ts'

/** Asks the API after the index has taken in everything. */
async function find(hub: TestHub, agent: TestAgent, query: Readonly<Record<string, string>>): Promise<SearchResults> {
  await indexAll(hub.ctx.store)
  const { status, body } = await apiOf(hub, agent).get<SearchResults>(`/api/v1/search?${new URLSearchParams(query).toString()}`)
  if (status !== 200) throw new Error(`The search was answered with ${status}: ${JSON.stringify(body)}`)
  return body
}

/** What was found of messages, the marks in brackets. */
function shown({ messages }: SearchResults): string[] {
  return messages.items.map(({ snippet: { text, marks } }) => {
    let out = ''
    let at = 0
    for (const { from, to } of marks) {
      out += `${text.slice(at, from)}[${text.slice(from, to)}]`
      at = to
    }
    return out + text.slice(at)
  })
}

let numbers = 0
/** A word that nobody else has written. */
const unique = (): string => `zq${(numbers += 1)}x${randomBytes(4).toString('hex')}`

async function twoTeams(hub: TestHub): Promise<Centre> {
  return makeCentre(hub, {
    queues: { main: {}, other: {} },
    agents: { ann: { queues: ['main'] }, bob: { queues: ['other'] }, sue: { role: 'supervisor' } },
  })
}

describe.each(databases)('search, %s', (database) => {
  const hub = useHub({ database })

  it('finds what customers and agents wrote, the newest first, with what was found marked', async () => {
    const centre = await twoTeams(hub())
    const [ann, word] = [centre.agent('ann'), unique()]
    const chen = centre.customer()
    await chen.sendText(`請問 ${word} 的配送日是哪一天？`)
    await chen.sendText(`${word}：發送日期，配達`)
    await chen.sendText(`另外 ${word} 想改配送日`)
    const twoOrMore = await find(hub(), ann, { q: `${word} 配送日` })
    expect(shown(twoOrMore)).toEqual([`另外 [${word}] 想改[配送日]`, `請問 [${word}] 的[配送日]是哪一天？`])
    expect(twoOrMore.complete).toBe(true)
    expect(twoOrMore.messages.items[0]).toMatchObject({
      conversation: { channel: 'line', contact: { name: 'Chen Wei' } },
      message: { ordinal: 3, direction: 'in', author: { type: 'contact', name: 'Chen Wei' } },
      place: 'text',
    })
    expect(shown(await find(hub(), ann, { q: `配 ${word}` }))).toHaveLength(3)
    expect(shown(await find(hub(), ann, { q: word.slice(0, -2).toUpperCase() }))).toHaveLength(3)
    expect(shown(await find(hub(), ann, { q: `${word} 沒有這個` }))).toEqual([])
    expect(shown(await find(hub(), ann, { q: '?!' }))).toEqual([])
  })

  it('shows nobody what they may not see: other teams’ conversations, restricted inboxes', async () => {
    const centre = await twoTeams(hub())
    const word = unique()
    await centre.customer().sendText(`secret ${word}`)
    for (const [name, count] of [
      ['ann', 1],
      ['bob', 0],
      ['sue', 1],
    ] as const) {
      expect(shown(await find(hub(), centre.agent(name), { q: word }))).toHaveLength(count)
    }
    const [conversation] = (await factsOf(hub(), centre.line.inboxId)).conversations
    const sue = apiOf(hub(), centre.agent('sue'))
    await sue.send('POST', `/api/v1/conversations/${conversation?.id}/assign`, { queueId: centre.queue('other') })
    expect(shown(await find(hub(), centre.agent('ann'), { q: word }))).toHaveLength(0)
    expect(shown(await find(hub(), centre.agent('bob'), { q: word }))).toHaveLength(1)
    await updateInbox(hub().ctx, systemViewer, centre.line.inboxId, { restricted: true, memberIds: [centre.agent('sue').id] })
    expect(shown(await find(hub(), centre.agent('bob'), { q: word }))).toHaveLength(0)
    expect(shown(await find(hub(), centre.agent('sue'), { q: word }))).toHaveLength(1)
  })

  it('follows edits and forgets what was taken back, also before the index knows', async () => {
    const centre = await twoTeams(hub())
    const [ann, before, after] = [centre.agent('ann'), unique(), unique()]
    const chen = centre.customer()
    const first = textEvent(chen.userId, `first ${before}`)
    await postEvents(centre.line, [first])
    expect(shown(await find(hub(), ann, { q: before }))).toHaveLength(1)
    const news = { timestamp: first.timestamp + 1_000 }
    const message = { ...first.message, text: `second ${after}` }
    await postEvents(centre.line, [eventOf('messageEdited', chen.userId, { ...news, message })])
    expect(shown(await find(hub(), ann, { q: before }))).toEqual([])
    expect(shown(await find(hub(), ann, { q: after }))).toEqual([`second [${after}]`])
    await postEvents(centre.line, [eventOf('unsend', chen.userId, { ...news, unsend: { messageId: first.message.id } })])
    const { body } = await apiOf(hub(), ann).get<SearchResults>(`/api/v1/search?q=${after}`)
    expect(body.messages.items).toEqual([])
    expect(shown(await find(hub(), ann, { q: after }))).toEqual([])
  })

  it('finds internal notes and wrap-up notes', async () => {
    const centre = await twoTeams(hub())
    const [ann, note, end] = [centre.agent('ann'), unique(), unique()]
    await centre.customer().sendText('hello')
    const [conversation] = (await factsOf(hub(), centre.line.inboxId)).conversations
    const api = apiOf(hub(), ann)
    const id = conversation?.id ?? ''
    const sue = apiOf(hub(), centre.agent('sue'))
    await sue.send('POST', `/api/v1/conversations/${id}/assign`, { agentId: ann.id })
    const written = await api.send('POST', `/api/v1/conversations/${id}/messages`, {
      clientId: unique(),
      kind: 'note',
      parts: [{ type: 'text', text: `careful: ${note}` }],
    })
    expect(written.status).toBeLessThan(300)
    await api.send('POST', `/api/v1/conversations/${id}/finish`)
    expect((await api.send('POST', `/api/v1/conversations/${id}/wrap-up`, { note: `refund ${end}` })).status).toBeLessThan(300)
    const notes = await find(hub(), ann, { q: note })
    expect(shown(notes)).toEqual([`careful: [${note}]`])
    expect(notes.messages.items[0]?.message).toMatchObject({ direction: 'note', author: { type: 'agent', name: 'ann' } })
    const ends = await find(hub(), ann, { q: end })
    expect(ends.messages.items).toMatchObject([{ message: null, place: 'wrap_up_note', conversation: { id } }])
  })

  it('narrows down by channel, agent and time', async () => {
    const centre = await twoTeams(hub())
    const [ann, word] = [centre.agent('ann'), unique()]
    await centre.customer().sendText(`early ${word}`)
    const middle = hub().clock.now() + 5_000
    await hub().fake.advance(10_000)
    await centre.customer('Lin').sendText(`late ${word}`)
    const q = word
    expect(shown(await find(hub(), ann, { q, channel: 'line' }))).toHaveLength(2)
    expect(shown(await find(hub(), ann, { q, channel: 'webchat' }))).toHaveLength(0)
    expect(shown(await find(hub(), ann, { q, to: String(middle) }))).toEqual([`early [${word}]`])
    expect(shown(await find(hub(), ann, { q, from: String(middle) }))).toEqual([`late [${word}]`])
    const [first] = (await factsOf(hub(), centre.line.inboxId)).conversations
    await apiOf(hub(), centre.agent('sue')).send('POST', `/api/v1/conversations/${first?.id}/assign`, { agentId: ann.id })
    expect(shown(await find(hub(), ann, { q, agentId: ann.id }))).toEqual([`early [${word}]`])
  })

  it('pages without gaps or repeats', async () => {
    const centre = await twoTeams(hub())
    const [ann, word] = [centre.agent('ann'), unique()]
    const chen = centre.customer()
    const events = Array.from({ length: 130 }, (_, i) => textEvent(chen.userId, `${word} n${i}`))
    for (let i = 0; i < events.length; i += 50) await postEvents(centre.line, events.slice(i, i + 50))
    const texts: string[] = []
    let cursor: string | null = null
    do {
      const page: SearchResults = await find(hub(), ann, { q: word, in: 'messages', limit: '17', ...(cursor === null ? {} : { cursor }) })
      texts.push(...page.messages.items.map(({ snippet }) => snippet.text))
      cursor = page.messages.nextCursor
    } while (cursor !== null)
    expect(texts).toEqual(events.map((_, i) => `${word} n${129 - i}`))
  })

  it('finds contacts by name, number, company, field and note', async () => {
    const centre = await twoTeams(hub())
    const [ann, word] = [centre.agent('ann'), unique()]
    await centre.customer(`王小明 ${word}`).sendText('hello')
    const [conversation] = (await factsOf(hub(), centre.line.inboxId)).conversations
    const api = apiOf(hub(), ann)
    const contactId = conversation?.contactId ?? ''
    const path = `/api/v1/contacts/${contactId}`
    await api.send('PATCH', path, { company: `Sunrise ${word}c`, fields: { tier: `gold${word}` } })
    await api.send('POST', `${path}/notes`, { text: `prefers mornings ${word}n` })
    const { t } = hub().ctx.store
    const digits = String(10_000_000 + (randomBytes(4).readUInt32BE() % 89_999_999))
    await hub().ctx.store.tx(async (tx) => {
      await tx.db.insert(t.contactPoints).values({
        id: unique(),
        contactId,
        kind: 'phone',
        address: `+8869${digits}`,
        displayName: null,
        verified: true,
        blockedAt: null,
        createdAt: 0,
      })
      tx.append({ type: 'contact.changed', at: 0, actorType: 'system', subjectId: contactId, data: { what: 'points' } })
    })
    const foundBy = async (q: string) => (await find(hub(), ann, { q })).contacts.items.filter((hit) => hit.contact.id === contactId)
    expect((await foundBy(`小明 ${word}`))[0]?.found[0]).toMatchObject({ field: 'name', snippet: { text: `王小明 ${word}` } })
    expect((await foundBy(`sunrise ${word}c`))[0]?.found).toMatchObject([{ field: 'company' }])
    expect((await foundBy(`gold${word}`))[0]?.found).toMatchObject([{ field: 'field', label: 'tier' }])
    expect((await foundBy(`${word}n`))[0]?.found).toMatchObject([{ field: 'note' }])
    expect((await foundBy(`09${digits.slice(0, 2)}-${digits.slice(2)}`))[0]?.found).toMatchObject([
      { field: 'address', snippet: { text: `+8869${digits}`, marks: [{ from: 4, to: 13 }] } },
    ])
    expect(await foundBy(digits.slice(-5))).toHaveLength(1)
    expect(await foundBy(`${word} nobody`)).toEqual([])
  })

  it('refuses what is no query', async () => {
    const centre = await twoTeams(hub())
    const api = apiOf(hub(), centre.agent('ann'))
    for (const query of [
      '',
      'q=',
      'q=%20',
      `q=${'x'.repeat(201)}`,
      'q=a&limit=51',
      'q=a&cursor=abc',
      'q=a&in=messages&cursor=abc',
      'q=a&channel=fax',
    ]) {
      expect((await api.get(`/api/v1/search?${query}`)).status, query).toBe(400)
    }
    const foreign = Buffer.from(JSON.stringify(['c', 5])).toString('base64url')
    expect((await api.get(`/api/v1/search?q=a&in=messages&cursor=${foreign}`)).status).toBe(400)
  })

  it('takes in what was there before the index, and steps of several nodes at once do no harm', async () => {
    const centre = await twoTeams(hub())
    const [ann, word] = [centre.agent('ann'), unique()]
    const chen = centre.customer()
    for (let i = 0; i < 5; i++) await chen.sendText(`${word} n${i}`)
    await indexAll(hub().ctx.store)
    const { store } = hub().ctx
    const kept = await store.db.select().from(store.t.searchDocuments)
    await store.tx(async (tx) => {
      await tx.db.delete(tx.t.searchFill)
      await tx.db.delete(tx.t.cursors)
    })
    expect(await isBehind(store)).toBe(true)
    const partly = await apiOf(hub(), ann).get<SearchResults>(`/api/v1/search?q=${word}`)
    expect(partly.body.complete).toBe(false)
    await Promise.all([indexAll(store), indexAll(store), indexAll(store)])
    expect(await store.db.select().from(store.t.searchDocuments)).toEqual(kept)
    expect(shown(await find(hub(), ann, { q: word }))).toEqual([4, 3, 2, 1, 0].map((i) => `[${word}] n${i}`))
  })

  it('is kept by the running hub, behind the log, without being asked', async () => {
    const centre = await twoTeams(hub())
    const word = unique()
    await centre.customer().sendText(word)
    for (let i = 0; i < 40 && (await isBehind(hub().ctx.store)); i++) await hub().fake.advance(500)
    const { body } = await apiOf(hub(), centre.agent('ann')).get<SearchResults>(`/api/v1/search?q=${word}`)
    expect(body.messages.items).toHaveLength(1)
  })

  it('finds every two or more characters of whatever was written, and only where they stand', async () => {
    const centre = await twoTeams(hub())
    const [ann, bob] = [centre.agent('ann'), centre.agent('bob')]
    const chen = centre.customer()
    const character = fc.constantFrom(...Array.from('配送日訂單客服退貨あいがパー々'))
    const text = fc
      .array(fc.oneof(character, fc.constantFrom('，', ' ', 'ab', 'ABC1')), { minLength: 3, maxLength: 30 })
      .map((all) => all.join(''))
    const texts = fc.sample(text, 40)
    await postEvents(
      centre.line,
      texts.map((one) => textEvent(chen.userId, one)),
    )
    const query = fc.array(character, { minLength: 2, maxLength: 4 }).map((all) => all.join(''))
    for (const q of fc.sample(query, 40)) {
      const results = await find(hub(), ann, { q, limit: '50', in: 'messages' })
      const here = results.messages.items
        .filter(({ conversation }) => conversation.contact.name === 'Chen Wei')
        .map(({ message }) => message?.ordinal)
      const written = texts.flatMap((one, i) => (one.includes(q) ? [i + 1] : []))
      expect(
        here.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
        q,
      ).toEqual(expect.arrayContaining(written))
      expect(results.messages.items.every(({ snippet }) => snippet.text.includes(q))).toBe(true)
      expect((await find(hub(), bob, { q, in: 'messages' })).messages.items).toEqual([])
    }
  })
})
