import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emailConfigSchema } from '../../../channels/email/config.ts'
import { email } from '../../../channels/email/index.ts'
import { createAccessTokens } from '../../../channels/email/oauth.ts'
import { channelKit } from '../../support/channel-kit.ts'
import { type Dovecot, startDovecot } from '../../support/dovecot.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { imapConfig, mailText, makeMailInbox, originOf } from '../../support/mail-inbox.ts'
import { until } from '../../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'onequeue-certificates-'))

/** A certificate for 127.0.0.1 that ran out before it was made. */
function expiredCertificate(): { readonly certFile: string; readonly keyFile: string } {
  const [certFile, keyFile, csr] = [join(folder, 'cert.pem'), join(folder, 'key.pem'), join(folder, 'csr.pem')]
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', csr, '-subj', '/CN=127.0.0.1')
  openssl('x509', '-req', '-in', csr, '-signkey', keyFile, '-days', '-1', '-out', certFile)
  return { certFile, keyFile }
}

let plain: Dovecot
let secure: Dovecot
let hub: TestHub

beforeAll(async () => {
  plain = await startDovecot({ without: ['IDLE'] })
  secure = await startDovecot({ tls: expiredCertificate() })
  const ports = [plain.port, secure.port, secure.tlsPort, 9]
  hub = await startTestHub({ clock: 'system', overrides: { allowedOrigins: ports.map((port) => originOf({ port })) } })
})
afterAll(async () => {
  await hub?.check()
  await hub?.stop()
  await plain?.stop()
  await secure?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a mailbox that does not work', () => {
  const cases = [
    [
      'a wrong password',
      () => imapConfig(plain, 'ann', { password: 'wrong' }),
      'auth_failed',
      /refuses the log-in; look at user name and password/,
    ],
    [
      'an expired certificate',
      () => imapConfig(secure, 'ann', { imapPort: secure.tlsPort, imapSecurity: 'tls' }),
      'degraded',
      /certificate of 127\.0\.0\.1:\d+ (has expired|is self-signed)/,
    ],
    ['no STARTTLS', () => imapConfig(plain, 'ann', { imapSecurity: 'starttls' }), 'degraded', /offers no STARTTLS/],
    ['TLS where there is none', () => imapConfig(plain, 'ann', { imapSecurity: 'tls' }), 'degraded', /does not speak TLS/],
    ['a folder that does not exist', () => imapConfig(plain, 'ann', { folder: 'Nowhere' }), 'degraded', /no folder "Nowhere"/],
    [
      'a private address',
      () => imapConfig(plain, 'ann', { imapHost: '127.0.0.1', imapPort: 25 }),
      'degraded',
      /not an address on the public internet/,
    ],
  ] as const

  it.each(cases)('says what is wrong and since when: %s', async (_name, config, state, detail) => {
    const began = Date.now()
    const box = await makeMailInbox(hub, config())
    const health = await until('the trouble is told', async () => {
      const found = await box.health()
      return found.state === 'ok' ? null : found
    })
    expect(health.state).toBe(state)
    expect(health.detail).toMatch(detail)
    expect(health.since).toBeGreaterThanOrEqual(began)
  })

  it('leaves the others at work, and a server without IDLE is asked', async () => {
    const box = await makeMailInbox(hub, imapConfig(plain, 'bob', { pollSeconds: 5 }))
    await until('it is well', async () => (await box.health()).state === 'ok')
    await plain.deliver('bob', mailText({ subject: 'polled' }))
    expect((await box.storedCount(1, 30_000))[0]?.subject).toBe('polled')
  })
})

describe('the check of a mailbox', () => {
  async function stepsOf(config: Record<string, unknown>) {
    const session = email.open(email.config.parse(config), channelKit())
    const steps = []
    for await (const step of session.check?.(AbortSignal.timeout(60_000)) ?? []) steps.push(step)
    await session.close?.()
    return steps
  }

  it('goes from the host name to the folder', async () => {
    await plain.deliver('eve', mailText())
    const steps = await stepsOf(imapConfig(plain, 'eve'))
    expect(steps.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'IMAP host name: passed',
      'IMAP port: passed',
      'IMAP certificate: skipped',
      'IMAP log-in: passed',
      'Folder INBOX: passed',
      'IDLE: passed',
      'SMTP: skipped',
    ])
    expect(steps.find(({ name }) => name === 'Folder INBOX')?.detail).toBe('It holds 1 mails, 1 of them unread.')
  })

  it('stops at the step that fails and says what to do', async () => {
    const steps = await stepsOf(imapConfig(plain, 'eve', { password: 'wrong' }))
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'IMAP log-in',
      detail: expect.stringContaining('app password'),
    })
    expect(steps.some(({ name }) => name.startsWith('Folder'))).toBe(false)
    const unknown = await stepsOf(imapConfig(plain, 'eve', { imapHost: 'no-such-host.invalid' }))
    expect(unknown[0]).toMatchObject({ name: 'IMAP host name', outcome: 'failed', detail: expect.stringContaining('no address') })
  })
})

describe('OAuth 2', () => {
  it('renews ahead of time, once for all who wait, keeps a new refresh token, and stops asking after a refusal', async () => {
    const asked: string[] = []
    let refuse = false
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        asked.push(Buffer.concat(chunks).toString())
        response.statusCode = refuse ? 400 : 200
        response.setHeader('content-type', 'application/json')
        const body = refuse
          ? { error: 'invalid_grant' }
          : { access_token: `token${asked.length}`, expires_in: 600, refresh_token: `refresh${asked.length}` }
        response.end(JSON.stringify(body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      let now = 1_000_000
      const config = emailConfigSchema.parse({
        address: 'ann@desk.example',
        imapHost: 'imap.desk.example',
        auth: 'oauth2',
        oauthTokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
        oauthClientId: 'client',
        oauthClientSecret: 'secret&=?',
        oauthRefreshToken: 'refresh0',
        oauthScope: 'mail offline_access',
      })
      const token = createAccessTokens(config, channelKit({ fetch: globalThis.fetch, now: () => now }))
      const signal = new AbortController().signal
      expect(await Promise.all([token(signal), token(signal)])).toEqual(['token1', 'token1'])
      expect(new URLSearchParams(asked[0])).toEqual(
        new URLSearchParams({
          client_id: 'client',
          grant_type: 'refresh_token',
          refresh_token: 'refresh0',
          client_secret: 'secret&=?',
          scope: 'mail offline_access',
        }),
      )
      now += 400_000
      expect(await token(signal)).toBe('token1')
      now += 100_000
      expect(await token(signal)).toBe('token2')
      expect(asked[1]).toContain('refresh_token=refresh1')
      refuse = true
      now += 600_000
      await expect(token(signal)).rejects.toMatchObject({ kind: 'provider_rejected', message: expect.stringContaining('grant it again') })
      await expect(token(signal)).rejects.toMatchObject({ kind: 'provider_rejected' })
      expect(asked).toHaveLength(3)
    } finally {
      server.close()
    }
  })
})
