import { simpleParser } from 'mailparser'
import { email } from '../../../channels/email/index.ts'
import { startScriptedSmtp } from '../../support/smtp.ts'
import type { ChannelDriver, Item } from './driver.ts'

const settings = {
  address: 'support@desk.example',
  imapHost: 'imap.desk.example',
  password: 'an app password',
  smtpHost: 'smtp.desk.example',
}
const at = 1_767_574_800_000

function rawOf(item: Item): string {
  const payload = { kind: 'mail', via: 'smtp', receivedAt: at, bytes: 0 }
  switch (item.kind) {
    case 'text':
      return JSON.stringify({ ...payload, mime: { text: mimeOf(item.id, item.text), encoding: 'utf8' } })
    case 'unknown':
      return JSON.stringify({ ...payload, kind: 'hologram' })
    case 'poison':
      return JSON.stringify({ ...payload, mime: { text: 'no mail at all', encoding: 'utf8' } })
  }
}

/** Any text, in a form that carries it byte for byte; bytes carry no half of a pair. */
function mimeOf(id: string, text: string): string {
  return [
    'From: Chen <chen@shop.example>',
    'To: support@desk.example',
    `Message-ID: <${id}@shop.example>`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text.replaceAll(/\p{Surrogate}/gu, ''), 'utf8').toString('base64'),
  ].join('\r\n')
}

/** Mail comes over connections that the hub itself opens, or by its SMTP listener; `tests/channels/email-*` has real servers. */
export const emailDriver: ChannelDriver = {
  channel: email,
  ownLineEnds: true,
  settings,
  wrongSettings: [
    ['address', { ...settings, address: 'no address' }],
    ['aliases', { ...settings, aliases: ['x@'] }],
    ['imapHost', { ...settings, imapHost: undefined }],
    ['imapHost', { ...settings, imapHost: 'imap.example\r\nLOGOUT' }],
    ['imapPort', { ...settings, imapPort: 70_000 }],
    ['imapSecurity', { ...settings, imapSecurity: 'ssl' }],
    ['folder', { ...settings, folder: 'IN\r\nBOX' }],
    ['user', { ...settings, user: 'a\nb' }],
    ['displayName', { ...settings, displayName: 'Desk\r\nBcc: x@y.example' }],
    ['oauthTokenUrl', { ...settings, auth: 'oauth2', oauthClientId: 'id' }],
    ['smtpPort', { ...settings, smtpPort: 0 }],
  ],
  payload: (item) => ({ externalId: `smtp:${item.id}`, raw: rawOf(item) }),
  webhook: null,
  provider: {
    repeatable: false,
    knownLost: ['lose_request', 'unavailable'],
    withoutHttp: true,
    start: async () => {
      const server = await startScriptedSmtp({ user: 'support@desk.example', password: settings.password })
      return {
        settings: {
          ...settings,
          smtpHost: '127.0.0.1',
          smtpPort: server.port,
          smtpSecurity: 'none',
          copyToSent: false,
          sendsPerMinute: 10_000,
        },
        threadKey: 'mail:1',
        address: { kind: 'email', address: 'chen@shop.example' },
        seen: async () => (await Promise.all(server.taken.map(({ raw }) => simpleParser(raw)))).map(({ text }) => (text ?? '').trim()),
        disturb: (fault) => {
          if (fault === 'refuse') server.fail({ at: 'mail', reply: '550 5.7.1 No.' })
          else if (fault === 'unavailable') server.fail({ at: 'mail', reply: '451 4.3.0 Later.' })
          else if (fault === 'lose_request') server.fail({ at: 'data', cut: true })
          else server.fail({ at: 'dot', cut: true })
        },
        fetch: () => Promise.reject(new Error('Mail is not sent by HTTP.')),
        close: () => server.close(),
      }
    },
  },
}
