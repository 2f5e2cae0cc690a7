import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { line } from '../../../channels/line/index.ts'
import { outbound, patient, type StandIn, settings, startStandIn } from './stand-in.ts'

let platform: StandIn
let keys: { readonly own: JWK; readonly shown: JWK }
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  keys = { own: await exportJWK(privateKey), shown: await exportJWK(publicKey) }
})
beforeEach(async () => {
  platform = await startStandIn()
})
afterEach(() => platform.close())

const { channelAccessToken: _long, ...short } = settings
const send = (session: ReturnType<StandIn['open']>) => {
  const mei = platform.account.user({ displayName: 'Mei' })
  return session.send(outbound(mei.userId, 'hello'), patient)
}

/** Opens the adapter without a long-lived token, and counts how often one was asked for. */
function opened(changes: Readonly<Record<string, unknown>>) {
  let asked = 0
  const fetch: typeof globalThis.fetch = (input, init) => {
    if ((input instanceof Request ? input.url : input.toString()).includes('/oauth2/')) asked += 1
    return platform.fetch(input, init)
  }
  return { session: platform.open({ channelAccessToken: undefined, ...changes }, fetch), asked: () => asked }
}

describe('access tokens', () => {
  it('are issued for the channel secret, once for calls that wait together, and replaced at four fifths of their life', async () => {
    const { session, asked } = opened({ tokenKind: 'stateless' })
    const results = await Promise.all([send(session), send(session), send(session)])
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(asked()).toBe(1)
    await platform.clock.advance(11 * 60_000)
    await send(session)
    expect(asked()).toBe(1)
    await platform.clock.advance(2 * 60_000)
    expect(await send(session)).toMatchObject({ status: 'accepted' })
    expect(asked()).toBe(2)
  })

  it('are issued for an assertion signed with the registered key', async () => {
    Object.assign(platform.account.options, { assertionKey: keys.shown })
    const v21 = { tokenKind: 'v2_1', assertionKey: JSON.stringify(keys.own), assertionKeyId: 'kid-1' }
    const { session, asked } = opened(v21)
    expect(await send(session)).toMatchObject({ status: 'accepted' })
    await platform.clock.advance(3_600_000)
    await send(session)
    expect(asked()).toBe(1)
  })

  it('that the platform takes no longer are asked for anew, and the call is made again', async () => {
    const { session, asked } = opened({ tokenKind: 'stateless' })
    await send(session)
    platform.account.failNext({ kind: 'answer', status: 401, body: { message: 'Authentication failed.' } }, /push$/)
    expect(await send(session)).toMatchObject({ status: 'accepted' })
    expect(asked()).toBe(2)
  })

  it('that are refused show as the health of the account; a platform that is away does not', async () => {
    const { session } = opened({ tokenKind: 'stateless', channelSecret: 'another-secret-0123456789' })
    expect(await send(session)).toMatchObject({ status: 'rejected', health: 'auth_failed', error: { code: 'auth' } })
    const away: typeof globalThis.fetch = async () => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }))
    const cut = platform.open({ channelAccessToken: undefined, tokenKind: 'stateless' }, away)
    expect(await send(cut)).toMatchObject({ status: 'retry' })
  })

  it.each([
    ['a long-lived one without the token', { ...short, tokenKind: 'long_lived' }, 'channelAccessToken'],
    ['version 2.1 without a key', { ...short, tokenKind: 'v2_1', assertionKeyId: 'k' }, 'assertionKey'],
    [
      'version 2.1 with a public key',
      { ...short, tokenKind: 'v2_1', assertionKeyId: 'k', assertionKey: '{"kty":"RSA","n":"x"}' },
      'assertionKey',
    ],
    ['version 2.1 without the key’s id', { ...short, tokenKind: 'v2_1', assertionKey: '{"kty":"RSA","d":"x"}' }, 'assertionKeyId'],
  ])('cannot be set up as %s', (_name, config, path) => {
    const checked = line.config.safeParse(config)
    expect(checked.error?.issues.map((issue) => issue.path[0])).toContain(path)
  })

  it('need nothing beyond the channel’s id and secret', () => {
    expect(line.config.safeParse(short).success).toBe(true)
  })
})

describe('the pace of an account', () => {
  it('pauses the whole account after "too many requests", and lets nothing through until it is over', async () => {
    const session = platform.open()
    platform.account.failNext(
      { kind: 'answer', status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } },
      /push$/,
    )
    expect(await send(session)).toMatchObject({ status: 'retry', error: { code: 'rate_limited' } })
    const before = platform.account.calls().length
    expect(await send(session)).toMatchObject({ status: 'retry', uncounted: true, afterMs: expect.any(Number) })
    expect(platform.account.calls()).toHaveLength(before)
    await platform.clock.advance(1_100)
    expect(await send(session)).toMatchObject({ status: 'accepted' })
  })
})
