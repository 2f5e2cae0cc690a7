import { expect, test } from 'vitest'
import { AppError } from '../../src/lib/errors.ts'
import { createLog, namedLog } from '../../src/lib/log.ts'

function record(): { lines: string[]; log: ReturnType<typeof createLog>; last: () => Record<string, unknown> } {
  const lines: string[] = []
  const log = createLog({ level: 'debug', stream: { write: (line) => void lines.push(line) } })
  return { lines, log, last: () => JSON.parse(lines.at(-1) ?? '{}') }
}

test('a line is JSON with level, time, name, ids and message', () => {
  const { log, last } = record()
  namedLog(log, 'routing', { nodeId: 'n1' }).info({ conversationId: 'c1', waitMs: 1_763_830_000_000 }, 'Offered.')
  expect(last()).toMatchObject({
    level: 'info',
    name: 'routing',
    nodeId: 'n1',
    conversationId: 'c1',
    waitMs: 1_763_830_000_000,
    msg: 'Offered.',
  })
  expect(String(last()['time'])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test.each([
  'accessToken',
  'access_token',
  'Authorization',
  'password',
  'channelSecret',
  'X-Line-Signature',
  'replyToken',
  'cookie',
  'set-cookie',
])('nothing of the field %s is shown, at any depth', (field) => {
  const { log, lines } = record()
  log.info({ [field]: 'canary-1', headers: { [field]: 'canary-2' }, list: [{ deep: { [field]: ['canary-3'] } }] }, 'Seen.')
  expect(lines.join('')).not.toContain('canary')
  expect(lines.join('')).toContain('[secret]')
})

test.each(['text', 'body', 'html', 'subject', 'rawBody', 'note', 'displayName'])('of the field %s only the length is shown', (field) => {
  const { log, lines } = record()
  log.info({ [field]: 'my canary words', nested: { [field]: { a: 'canary' } } }, 'Seen.')
  expect(lines.join('')).not.toContain('canary')
  expect(lines.join('')).toContain('[15 chars]')
})

test('addresses of people show their end only', () => {
  const { log, last } = record()
  log.info({ phone: '0912345678', email: 'ana@example.com', to: 'U4af4980629' }, 'Sent.')
  expect(last()).toMatchObject({ phone: '…678', email: '…@example.com', to: '…629' })
})

test('telephone numbers and tokens are masked wherever they stand', () => {
  const { log, lines } = record()
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
  log.warn(
    { hint: 'from +886 912 345 678', url: 'postgres://hub:canary@db/one' },
    `Call to +886912345678 with Bearer abcdefgh12345678 and ${jwt} failed.`,
  )
  const line = lines.join('')
  for (const secret of ['912345678', '912 345', 'abcdefgh12345678', jwt, 'canary']) expect(line).not.toContain(secret)
  expect(line).toContain('+…678')
  expect(line).toContain('postgres://hub:[secret]@db/one')
})

test('errors keep kind, stack and cause; their details are masked', () => {
  const { log, lines, last } = record()
  const error = new AppError(
    'provider_rejected',
    'Refused +886912345678.',
    { inboxId: 'i1', token: 'canary' },
    { cause: new Error('inner reason') },
  )
  log.error({ err: error }, 'A send failed.')
  expect(last()['err']).toMatchObject({ kind: 'provider_rejected', details: { inboxId: 'i1', token: '[secret]' } })
  expect(lines.join('')).toContain('inner reason')
  expect(lines.join('')).not.toMatch(/canary|912345678/)
})

test('bytes, dates, addresses and deep nests stay short', () => {
  const { log, last } = record()
  let deep: unknown = 'canary'
  for (let i = 0; i < 50; i += 1) deep = { deep }
  log.info({ data: Buffer.alloc(9), at: new Date(0), url: new URL('https://a.test/b'), deep, none: null, flag: false }, 'Seen.')
  expect(last()).toMatchObject({
    data: '[9 bytes]',
    at: '1970-01-01T00:00:00.000Z',
    url: 'https://a.test/b',
    none: null,
    flag: false,
  })
  expect(JSON.stringify(last())).not.toContain('canary')
})
