import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { useHub as testHub } from '../../support/hub.ts'
import { mailText, makeMailInbox } from '../../support/mail-inbox.ts'
import { sendSmtp } from '../../support/send-smtp.ts'

const hub = testHub({ env: { SMTP_IN_PORT: '0', SMTP_IN_HOST: '127.0.0.1', SMTP_IN_NAME: 'mx.desk.example' } })
const port = () => hub().smtpPort ?? 0
let made = 0
const inbox = (more: Record<string, unknown> = {}) => {
  made += 1
  return makeMailInbox(hub(), { address: `smtp${made}@desk.example`, receive: 'smtp', ...more })
}

/** Says lines to the listener as they are, and gives everything it said. */
function talkRaw(lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: port() })
    let said = ''
    let next = 0
    socket.on('data', (bytes) => {
      said += bytes.toString()
      const line = lines[next]
      if (!said.endsWith('\r\n') || line === undefined) return
      next += 1
      socket.write(line)
    })
    socket.once('close', () => resolve(said))
    socket.once('error', reject)
  })
}

it('stores a mail before it answers for it, and the same bytes once', async () => {
  const box = await inbox()
  const raw = mailText({ to: box.address, subject: 'by smtp' })
  const envelope = { from: 'chen@shop.example', to: [box.address] }
  expect(await sendSmtp(port(), envelope, raw)).toMatch(/^250/)
  expect((await box.stored()).map(({ subject }) => subject)).toEqual(['by smtp'])
  // The sender's server did not hear our answer.
  await sendSmtp(port(), envelope, raw)
  expect(await box.stored()).toHaveLength(1)
})

it('takes mail for its own addresses alone and relays nothing', async () => {
  const box = await inbox({ aliases: [`old${made + 1}@desk.example`] })
  const raw = mailText()
  await sendSmtp(port(), { from: 'a@shop.example', to: [`OLD${made}@desk.example`] }, raw)
  await sendSmtp(port(), { from: 'a@shop.example', to: [box.address.replace('@', '+anything@')] }, mailText())
  expect(await box.stored()).toHaveLength(2)
  for (const to of ['stranger@desk.example', 'victim@elsewhere.example', `${box.address.split('@')[0]}%desk.example@elsewhere.example`]) {
    await expect(sendSmtp(port(), { from: 'a@shop.example', to: [to] }, raw)).rejects.toMatchObject({ responseCode: 550 })
  }
  const other = await makeMailInbox(hub(), { address: 'none@desk.example', receive: 'none' })
  await expect(sendSmtp(port(), { from: 'a@shop.example', to: [other.address] }, raw)).rejects.toMatchObject({ responseCode: 550 })
})

it('makes one conversation of a mail to two of our mailboxes', async () => {
  const [one, two] = [await inbox(), await inbox()]
  const raw = mailText({ to: `${one.address}, ${two.address}` })
  await sendSmtp(port(), { from: 'chen@shop.example', to: [one.address, two.address] }, raw)
  expect([...(await one.stored()), ...(await two.stored())]).toHaveLength(1)
  expect((await two.deliveries()).map(({ status }) => status)).toEqual(['duplicate'])
})

it('refuses what is too large, and log-ins, and says so in the protocol’s words', async () => {
  const box = await inbox()
  const huge = Buffer.concat([Buffer.from(mailText()), Buffer.alloc(36 * 1024 * 1024, 'x\r\n')])
  await expect(sendSmtp(port(), { from: 'a@shop.example', to: [box.address] }, huge)).rejects.toMatchObject({ responseCode: 552 })
  const said = await talkRaw(['EHLO client.example\r\n', 'AUTH PLAIN AGEAYg==\r\n', 'QUIT\r\n'])
  expect(said).toMatch(/^220 mx\.desk\.example/)
  expect(said).not.toContain('STARTTLS')
  expect(said).toMatch(/\r\n500 /)
  expect(await box.stored()).toEqual([])
})

it('takes a line end that smugglers use for text and not for the end of a mail', async () => {
  const box = await inbox()
  const smuggled = `From: <a@shop.example>\r\nSubject: outer\r\n\r\nbody\n.\nMAIL FROM:<ceo@desk.example>\r\nRCPT TO:<${box.address}>\r\nDATA\r\nSubject: inner\r\n\r\nevil\r\n.\r\n`
  const said = await talkRaw([
    'EHLO x.example\r\n',
    'MAIL FROM:<a@shop.example>\r\n',
    `RCPT TO:<${box.address}>\r\n`,
    'DATA\r\n',
    smuggled,
    'QUIT\r\n',
  ])
  expect(said.match(/250 .*(?:queued|accepted|OK)/gi)?.length ?? 0).toBeGreaterThan(0)
  expect((await box.stored()).map(({ subject }) => subject)).toEqual(['outer'])
})

it('keeps control characters of headers out of names and subjects', async () => {
  const box = await inbox()
  const raw = [
    'From: =?utf-8?Q?Chen=0D=0ABcc=3A_victim@shop.example?= <chen@shop.example>',
    'Subject: =?utf-8?B?bGluZQ0KWC1FdmlsOiB5ZXM=?= =?utf-8?Q?=E2=80=A8next=00?=',
    'Content-Type: text/plain',
    '',
    'x',
  ].join('\r\n')
  await sendSmtp(port(), { from: 'chen@shop.example', to: [box.address] }, raw)
  const [mail] = await box.stored()
  expect(mail?.subject).toBe('line X-Evil: yes next')
  expect(mail?.head.from).toEqual({ address: 'chen@shop.example', name: 'Chen Bcc: victim@shop.example' })
})
