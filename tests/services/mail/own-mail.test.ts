import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryMail, type MemoryMail } from '../../../src/adapters/mail-memory.ts'
import { createSmtpMail } from '../../../src/adapters/mail-smtp.ts'
import { type Centre, makeCentre } from '../../support/centre.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { addMailbox } from '../../support/mailbox.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../support/smtp.ts'
import { until } from '../../support/until.ts'

let hub: TestHub
let bare: TestHub
let smtp: ScriptedSmtp
let mail: MemoryMail
let centre: Centre

beforeAll(async () => {
  smtp = await startScriptedSmtp({ user: 'hub', password: 'se:cret' })
  mail = createMemoryMail()
  hub = await startTestHub({ overrides: { mail } })
  bare = await startTestHub({ overrides: { allowedOrigins: [`tcp://127.0.0.1:${smtp.port}`] } })
  centre = await makeCentre(hub, { agents: { root: { role: 'admin' }, ann: {} } })
})
afterAll(async () => {
  await hub.stop()
  await bare.stop()
  await smtp.close()
})

const post = (at: TestHub, path: string, body: unknown, token?: string) =>
  fetch(`${at.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? { origin: at.url } : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })

describe('links by mail', () => {
  test('an invitation goes to the agent in their language, and its link works', async () => {
    const ann = centre.agent('ann')
    const answer = await post(hub, `/agents/${ann.id}/link`, {}, centre.agent('root').token)
    expect(answer.status).toBe(201)
    const link = (await answer.json()) as { url: string; mailed: boolean }
    expect(link.mailed).toBe(true)
    expect(mail.sent.at(-1)).toMatchObject({ to: ann.email, subject: 'Your invitation to Onequeue' })
    expect(mail.sent.at(-1)?.text).toContain(link.url)
  })

  test('a link for a new password comes to an account that is there, and the answer is the same for one that is not', async () => {
    const ann = centre.agent('ann')
    const before = mail.sent.length
    const known = await post(hub, '/session/reset', { email: ann.email.toUpperCase() })
    const unknown = await post(hub, '/session/reset', { email: 'nobody@hub.test' })
    expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()])
    expect(known.status).toBe(202)
    await until('the mail is there', () => mail.sent.length > before)
    expect(mail.sent.length).toBe(before + 1)
    expect(mail.sent.at(-1)?.to).toBe(ann.email)
  })

  test('nobody can have an address flooded', async () => {
    const victim = (await makeCentre(hub, { agents: { vic: {} } })).agent('vic')
    const before = mail.sent.length
    for (let asked = 0; asked < 9; asked++) await post(hub, '/session/reset', { email: victim.email })
    await until('the last is worked off', () => mail.sent.length >= before + 5)
    expect(mail.sent.length - before).toBeLessThanOrEqual(5)
  })
})

describe('without a server of its own', () => {
  test('the hub says so, and then sends by its oldest mailbox', async () => {
    const other = await makeCentre(bare, { agents: { root: { role: 'admin' }, ann: {} } })
    const ask = async () =>
      (await post(bare, `/agents/${other.agent('ann').id}/link`, {}, other.agent('root').token)).json() as Promise<{ mailed: boolean }>
    expect((await ask()).mailed).toBe(false)
    const open = await startScriptedSmtp()
    try {
      await addMailbox(bare, other, smtp.port, { password: 'se:cret', user: 'hub' })
      expect((await ask()).mailed).toBe(true)
      expect(smtp.taken.at(-1)?.to).toEqual([other.agent('ann').email])
    } finally {
      await open.close()
    }
  })
})

describe('over SMTP', () => {
  const transport = () => createSmtpMail({ url: `smtp://hub:se%3Acret@127.0.0.1:${smtp.port}`, from: 'Desk <desk@hub.test>' })

  test('a mail leaves once, to its one recipient', async () => {
    const before = smtp.taken.length
    await transport().send({ to: 'ann@hub.test', subject: '歡迎', text: 'hello' })
    expect(smtp.taken.slice(before).map(({ from, to }) => ({ from, to }))).toEqual([{ from: 'desk@hub.test', to: ['ann@hub.test'] }])
    expect(smtp.taken.at(-1)?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  })

  test('what would change the head is refused', async () => {
    const before = smtp.taken.length
    for (const to of ['ann@hub.test\r\nBcc: evil@evil.test', 'ann@hub.test, evil@evil.test', '"evil@evil.test x"@hub.test']) {
      await expect(transport().send({ to, subject: 'x', text: 'x' })).rejects.toMatchObject({ kind: 'invalid_input' })
    }
    for (const subject of ['a\r\nBcc: evil@evil.test', 'a\u2028b', 'a\rb']) {
      await expect(transport().send({ to: 'ann@hub.test', subject, text: 'x' })).rejects.toMatchObject({ kind: 'invalid_input' })
    }
    expect(smtp.taken.length).toBe(before)
  })

  test('a refusal is told without the password', async () => {
    smtp.fail({ at: 'mail', reply: '550 5.7.1 no' })
    const failed = await transport()
      .send({ to: 'ann@hub.test', subject: 'x', text: 'x' })
      .catch((error: unknown) => error)
    expect(failed).toMatchObject({ kind: 'provider_unavailable' })
    expect(JSON.stringify(failed)).not.toContain('cret')
  })
})
