import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sendResultOf } from '../../../channels/email/send-result.ts'
import { type SmtpServer, sendBySmtp } from '../../../channels/email/send-smtp.ts'
import { type ScriptedSmtp, type SmtpFault, startScriptedSmtp } from '../../support/smtp.ts'
import { selfSigned } from '../../support/tls.ts'

const envelope = { from: 'help@shop.test', to: ['mei@example.test'] }
const mail = 'From: help@shop.test\r\nTo: mei@example.test\r\nSubject: Hi\r\n\r\nHello.\r\n'
const facts = { attempt: 1, messageId: '<one@shop.test>' }

let server: ScriptedSmtp
beforeEach(async () => {
  server = await startScriptedSmtp({ user: 'help', password: 'secret' })
})
afterEach(() => server.close())

const at = (over: Partial<SmtpServer> = {}): SmtpServer => ({ host: '127.0.0.1', port: server.port, security: 'none', auth: null, ...over })
const send = (
  over: Partial<SmtpServer> = {},
  signal = AbortSignal.timeout(15_000),
  message: Readable = Readable.from([Buffer.from(mail)]),
) => sendBySmtp(at(over), envelope, message, signal)

test('a message is taken as it is, to the recipients of the envelope', async () => {
  const outcome = await send({ auth: { type: 'password', user: 'help', password: 'secret' } })
  expect(outcome).toMatchObject({ status: 'taken', refused: [] })
  expect(server.taken).toEqual([{ ...envelope, raw: mail.slice(0, -2), secure: false }])
})

test('an access token logs in by XOAUTH2', async () => {
  const outcome = await send({ auth: { type: 'oauth2', user: 'help', accessToken: 'secret' } })
  expect(outcome.status).toBe('taken')
})

describe('what each answer means', () => {
  const cases: readonly (readonly [name: string, fault: SmtpFault, result: object, taken: number])[] = [
    ['421 at the greeting', { at: 'greeting', reply: '421 4.3.2 come back' }, { status: 'retry', afterMs: 60_000 }, 0],
    ['450 greylisting', { at: 'rcpt', reply: '450 4.2.0 greylisted' }, { status: 'retry', error: { code: 'unavailable' } }, 0],
    ['451 after the dot', { at: 'dot', reply: '451 4.3.0 try again' }, { status: 'retry', error: { code: 'unavailable' } }, 1],
    ['452 at MAIL', { at: 'mail', reply: '452 4.3.1 no space' }, { status: 'retry' }, 0],
    [
      '550 no such address',
      { at: 'rcpt', reply: '550 5.1.1 nobody here' },
      { status: 'rejected', error: { code: 'no_such_address', provider: { code: '5.1.1' } } },
      0,
    ],
    ['552 too large', { at: 'dot', reply: '552 5.3.4 too big' }, { status: 'rejected', error: { code: 'too_large' } }, 1],
    ['552 mailbox full', { at: 'rcpt', reply: '552 5.2.2 full' }, { status: 'rejected', error: { code: 'mailbox_full' } }, 0],
    ['554 policy', { at: 'dot', reply: '554 5.7.1 spam' }, { status: 'rejected', error: { code: 'forbidden' } }, 1],
    ['554 at DATA', { at: 'data', reply: '554 no' }, { status: 'rejected', error: { code: 'rejected' } }, 0],
    ['cut at the greeting', { at: 'greeting', cut: true }, { status: 'retry', error: { code: 'unreachable' } }, 0],
    ['cut at DATA', { at: 'data', cut: true }, { status: 'retry', error: { code: 'unreachable' } }, 0],
    ['cut after the final dot', { at: 'dot', cut: true }, { status: 'unconfirmed', route: 'smtp' }, 1],
  ]
  test.each(cases)('%s', async (_name, fault, result, taken) => {
    server.fail(fault)
    expect(sendResultOf(await send(), facts)).toMatchObject(result)
    expect(server.taken).toHaveLength(taken)
  })

  test('a message cut in the middle was not handed over', async () => {
    server.fail({ at: 'mid_data', cut: true })
    const long = Readable.from(
      (async function* () {
        yield Buffer.from(mail)
        for (let piece = 0; piece < 2_000; piece++) yield `${randomBytes(3_000).toString('base64')}\r\n`
      })(),
    )
    expect(sendResultOf(await send({}, AbortSignal.timeout(15_000), long), facts)).toMatchObject({ status: 'retry' })
    expect(server.taken).toHaveLength(0)
  })

  test('a server silent after the dot leaves it unconfirmed when the time is up', async () => {
    server.fail({ at: 'dot', hang: true })
    expect(sendResultOf(await send({}, AbortSignal.timeout(700)), facts)).toMatchObject({ status: 'unconfirmed' })
    expect(server.taken).toHaveLength(1)
  })

  test('a server silent before the message is tried again', async () => {
    server.fail({ at: 'data', hang: true })
    expect(sendResultOf(await send({}, AbortSignal.timeout(700)), facts)).toMatchObject({ status: 'retry', error: { code: 'unreachable' } })
  })

  test('a slow server is waited for', async () => {
    server.fail({ at: 'dot', delayMs: 400 })
    expect((await send()).status).toBe('taken')
  })

  test('one refused recipient among others is told, and the others get it', async () => {
    server.fail({ at: 'rcpt', reply: '550 5.1.1 nobody', recipient: 'gone@example.test' })
    const outcome = await sendBySmtp(
      at(),
      { ...envelope, to: ['mei@example.test', 'gone@example.test'] },
      Readable.from([mail]),
      AbortSignal.timeout(9_000),
    )
    expect(sendResultOf(outcome, facts)).toMatchObject({
      status: 'accepted',
      error: { code: 'partly_refused', provider: { code: '5.1.1' } },
    })
    expect(server.taken[0]?.to).toEqual(['mei@example.test'])
  })

  test('a wrong password fails the message and puts the inbox into trouble', async () => {
    const outcome = await send({ auth: { type: 'password', user: 'help', password: 'wrong' } })
    expect(sendResultOf(outcome, facts)).toMatchObject({ status: 'rejected', health: 'auth_failed', error: { code: 'auth' } })
    expect(JSON.stringify(outcome)).not.toContain('wrong"')
    expect(server.taken).toHaveLength(0)
  })

  test('a server without STARTTLS is not sent to in the clear', async () => {
    const outcome = await send({ security: 'starttls', auth: { type: 'password', user: 'help', password: 'secret' } })
    expect(sendResultOf(outcome, facts)).toMatchObject({ status: 'retry', health: 'degraded', error: { code: 'misconfigured' } })
    expect(server.lines.some((line) => line.startsWith('AUTH') || line.startsWith('MAIL'))).toBe(false)
  })

  test('a file that cannot be read fails the message before anything is whole', async () => {
    const broken = Readable.from(
      (async function* () {
        yield mail
        throw new Error('disk')
      })(),
    )
    expect(sendResultOf(await send({}, AbortSignal.timeout(9_000), broken), facts)).toMatchObject({
      status: 'rejected',
      error: { code: 'not_prepared' },
    })
    expect(server.taken).toHaveLength(0)
  })
})

describe('with TLS', () => {
  test('STARTTLS is used, and a certificate nobody vouches for is refused', async () => {
    const tls = selfSigned()
    const secure = await startScriptedSmtp({ tls })
    try {
      const server: SmtpServer = { host: '127.0.0.1', port: secure.port, security: 'starttls', auth: null }
      const refused = await sendBySmtp(server, envelope, Readable.from([mail]), AbortSignal.timeout(9_000))
      expect(sendResultOf(refused, facts)).toMatchObject({ status: 'retry', health: 'degraded', error: { code: 'misconfigured' } })
      expect(secure.taken).toHaveLength(0)
      const trusted = { ...server, host: 'localhost', tls: { ca: tls.cert } }
      expect((await sendBySmtp(trusted, envelope, Readable.from([mail]), AbortSignal.timeout(9_000))).status).toBe('taken')
      expect(secure.taken[0]?.secure).toBe(true)
    } finally {
      await secure.close()
    }
  })
})
