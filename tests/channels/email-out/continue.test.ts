import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/lib/ids.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { Message } from '../../../src/wire/messages.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { addMailbox } from '../../support/mailbox.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../support/smtp.ts'
import { type Talk, talk } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

let hub: TestHub
let smtp: ScriptedSmtp

beforeAll(async () => {
  smtp = await startScriptedSmtp()
  hub = await startTestHub({ overrides: { allowedOrigins: [`tcp://127.0.0.1:${smtp.port}`] } })
})
afterAll(async () => {
  await hub.stop()
  await smtp.close()
})

const ask = ({ centre }: Talk, method: string, path: string, body?: unknown) =>
  fetch(`${hub.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${centre.agent('ann').token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const goOn = (chat: Talk, body: object = { text: 'Here is our answer.', subject: 'Your question' }) =>
  ask(chat, 'POST', `/conversations/${chat.conversationId}/continue-by-mail`, body)
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

async function giveAddress(chat: Talk, address: string, verified: boolean): Promise<void> {
  const { contact } = (await (await ask(chat, 'GET', `/conversations/${chat.conversationId}`)).json()) as Conversation
  await hub.ctx.store.tx((tx) =>
    tx.db
      .insert(tx.t.contactPoints)
      .values({ id: newId(), contactId: contact.id, kind: 'email', address, verified, createdAt: hub.clock.now() }),
  )
}

test('a conversation goes on by mail, to a proven address alone, and stays the agent’s', async () => {
  const chat = await talk(hub)
  expect(await codeOf(await goOn(chat))).toBe('no_mailbox')
  const box = await addMailbox(hub, chat.centre, smtp.port)
  expect(await codeOf(await goOn(chat))).toBe('no_verified_address')
  await giveAddress(chat, 'typed@example.test', false)
  expect(await codeOf(await goOn(chat))).toBe('no_verified_address')
  expect(smtp.taken).toHaveLength(0)
  await giveAddress(chat, 'proven@example.test', true)
  const answer = await goOn(chat)
  expect(answer.status).toBe(201)
  const conversation = (await answer.json()) as Conversation
  expect(conversation).toMatchObject({
    channel: 'email',
    inboxId: box.inboxId,
    assigneeId: chat.centre.agent('ann').id,
    previousId: chat.conversationId,
    status: 'active',
    awaiting: 'customer',
    subject: 'Your question',
  })
  const mail = await until('the mail is taken', () => smtp.taken.at(-1))
  expect(mail.to).toEqual(['proven@example.test'])
  expect(mail.raw).toContain('Here is our answer.')
  const replyTo = /^Reply-To: .*?<?([^<>\s]+@shop\.test)>?\r$/im.exec(mail.raw)?.[1] ?? ''
  await box.receive(
    `From: proven@example.test\nTo: ${replyTo}\nSubject: Re: Your question\nMessage-ID: <back@example.test>\n\nThank you!\n`,
    [replyTo],
  )
  const thread = (await (await ask(chat, 'GET', `/conversations/${conversation.id}/messages`)).json()) as { items: Message[] }
  expect(thread.items.filter(({ direction }) => direction !== 'system').map(({ direction }) => direction)).toEqual(['out', 'in'])
  expect(await codeOf(await ask(chat, 'POST', `/conversations/${conversation.id}/continue-by-mail`, { text: 'x' }))).toBe('is_mail')
  const lines = (await (await ask(chat, 'GET', `/conversations/${chat.conversationId}/messages`)).json()) as { items: Message[] }
  expect(lines.items.at(-1)?.parts[0]).toMatchObject({
    type: 'system',
    code: 'conversation.continued_by_mail',
    params: { address: 'proven@example.test' },
  })
  expect((await goOn(chat, { text: 'x', subject: 'a\r\nBcc: evil@evil.test' })).status).toBe(400)
  chat.close()
  await hub.check()
})
