import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { agentSocket, apiOf } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf } from '../support/facts.ts'
import { publicUrl, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { openBrowser, textOf, visit } from './browser.ts'

describe('what visitors are told', () => {
  const hub = useHub()
  beforeEach(() => hub().fake.advance(61_000))

  it('holds nothing that was said between colleagues, and nobody’s ids or addresses', async () => {
    const centre = await makeCentre(hub(), { queues: { main: {}, second: {} }, agents: { ann: {}, bob: { role: 'supervisor' } } })
    const [ann, bob] = [centre.agent('ann'), centre.agent('bob')]
    const desk = await agentSocket(hub(), ann)
    await desk.goAvailable()
    const colleague = await agentSocket(hub(), bob)
    const browser = await visit(hub(), centre.webchatInboxId)
    await browser.say('hello')
    const conversationId = await desk.acceptNext()
    const api = apiOf(hub(), ann)
    const path = `/api/v1/conversations/${conversationId}`
    const upload = new FormData()
    upload.set('file', new Blob(['CANARY-FILE-BYTES']), 'CANARY-FILE-NAME.txt')
    const stored = await fetch(`${hub().url}/api/v1/files`, { method: 'POST', headers: api.credentials, body: upload })
    const { id: fileId } = (await stored.json()) as { id: string }
    await colleague.goAvailable()
    const said = [
      await api.send('POST', `${path}/messages`, { clientId: newId(), kind: 'note', parts: [{ type: 'text', text: 'CANARY-NOTE' }] }),
      await api.send('POST', `${path}/messages`, { clientId: newId(), kind: 'note', parts: [{ type: 'file', fileId }] }),
      await api.send('POST', `${path}/assign`, { agentId: bob.id, note: 'CANARY-TRANSFER' }),
    ]
    await colleague.acceptNext()
    said.push(
      await apiOf(hub(), bob).send('POST', `${path}/messages`, { clientId: newId(), parts: [{ type: 'text', text: 'good day' }] }),
      await apiOf(hub(), bob).send('POST', `${path}/finish`),
      await apiOf(hub(), bob).send('POST', `${path}/wrap-up`, {
        disposition: 'CANARY-DISPOSITION',
        tags: ['CANARY-TAG'],
        note: 'CANARY-WRAP-UP',
      }),
    )
    expect(said.filter(({ status }) => status >= 300).map(({ body }) => body)).toEqual([])
    await until('the visitor is told of the end', () => browser.heard.some(({ body }) => 'state' in body && body.state.status === 'ended'))
    const other = await openBrowser(hub(), browser.token)
    const { messages } = await other.get('sync', { limit: 100 })
    await other.get('sync', { since: 0 })
    await other.get('history', { before: { conversationId, ordinal: 1_000 } })
    expect(messages.map((message) => [message.authorName, textOf(message)])).toEqual([
      [null, 'hello'],
      ['bob', 'good day'],
    ])
    const { conversations, messages: kept } = await factsOf(hub(), centre.webchatInboxId)
    expect(JSON.stringify(kept)).toContain('CANARY-NOTE')
    const secrets = [
      'CANARY',
      fileId,
      ann.id,
      bob.id,
      ann.email,
      bob.email,
      conversations[0]?.contactId ?? '',
      conversations[0]?.queueId ?? '',
    ]
    const wire = [...browser.frames, ...other.frames].join('\n')
    expect(wire).toContain('good day')
    expect(secrets.filter((secret) => wire.includes(secret))).toEqual([])
    const file = await fetch(`${hub().url}/chat/${centre.webchatInboxId}/files/${fileId}/content`, {
      headers: { authorization: `Bearer ${browser.token}`, origin: publicUrl },
    })
    expect([file.status, (await file.text()).includes('CANARY')]).toEqual([404, false])
    for (const page of [desk, colleague, browser, other]) page.close()
  })
})
