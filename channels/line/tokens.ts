import type { JWK } from 'jose'
import type { ChannelKit } from '../contract.ts'
import type { LineConfig } from './config.ts'
import { isRecord } from './inbound-fields.ts'

/** How a token was come by, or why there is none. */
export type TokenAnswer =
  | { readonly outcome: 'token'; readonly token: string }
  /** The platform refuses the credentials; its words. */
  | { readonly outcome: 'refused'; readonly status: number; readonly words: string }
  | { readonly outcome: 'unreachable' }

/** Gives the access token of an account. */
export interface Tokens {
  get(signal: AbortSignal): Promise<TokenAnswer>
  /** Drops a token that the platform no longer takes; false where there is no other to be had. */
  drop(token: string): boolean
}

/** Share of its life after which a token is replaced. */
const refreshShare = 0.8

/** Life asked for a v2.1 token, seconds: an account has at most 30 at once, so none is asked to live its longest. */
const assertedLifeSeconds = 24 * 3_600

/** Life of the assertion that proves who asks, seconds. Source: LINE Developers, "Issue channel access token v2.1". */
const assertionLifeSeconds = 300

const issueTimeoutMs = 8_000
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Which kind of token an account uses: a long-lived one where it was given, else one for a quarter of an hour at a time. */
export function tokenKindOf(config: LineConfig): NonNullable<LineConfig['tokenKind']> {
  return config.tokenKind ?? (config.channelAccessToken === undefined ? 'stateless' : 'long_lived')
}

interface Issued {
  readonly token: string
  /** Epoch ms after which another is asked for. */
  readonly until: number
}

/**
 * Makes the source of an account's tokens: the long-lived one as it is; others are issued when needed, replaced at four
 * fifths of their life, and asked for once however many calls wait for one.
 * Source: LINE Developers, "Channel access token".
 */
export function createTokens(config: LineConfig, kit: ChannelKit): Tokens {
  const kind = tokenKindOf(config)
  if (kind === 'long_lived') {
    const token = config.channelAccessToken ?? ''
    return { get: async () => ({ outcome: 'token', token }), drop: () => false }
  }
  const paramsOf = kind === 'stateless' ? async () => secretParams(config) : () => assertionParams(config, kit.now())
  const path = kind === 'stateless' ? '/oauth2/v3/token' : '/oauth2/v2.1/token'
  let issued: Issued | null = null
  let asking: Promise<TokenAnswer> | null = null
  const ask = async (): Promise<TokenAnswer> => {
    const askedAt = kit.now()
    const answer = await issue(kit, `${config.apiBaseUrl}${path}`, await paramsOf())
    if (answer.outcome !== 'token') return answer
    issued = { token: answer.token, until: askedAt + answer.lifeMs * refreshShare }
    return { outcome: 'token', token: answer.token }
  }
  return {
    get: async () => {
      if (issued !== null && issued.until > kit.now()) return { outcome: 'token', token: issued.token }
      asking ??= ask().finally(() => {
        asking = null
      })
      return asking
    },
    drop: (token) => {
      if (issued?.token === token) issued = null
      return true
    },
  }
}

type IssueAnswer =
  | { readonly outcome: 'token'; readonly token: string; readonly lifeMs: number }
  | Exclude<TokenAnswer, { outcome: 'token' }>

async function issue(kit: ChannelKit, url: string, params: Readonly<Record<string, string>>): Promise<IssueAnswer> {
  try {
    const response = await kit.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...params }).toString(),
      signal: AbortSignal.timeout(issueTimeoutMs),
    })
    const body: unknown = await response.json().catch(() => null)
    if (response.status >= 500 || response.status === 429) return { outcome: 'unreachable' }
    const record = isRecord(body) ? body : {}
    const { access_token: token, expires_in: seconds } = record
    if (response.status !== 200 || typeof token !== 'string' || typeof seconds !== 'number') {
      const words = [record.error, record.error_description].filter((word) => typeof word === 'string').join(': ')
      return { outcome: 'refused', status: response.status, words: words.slice(0, 500) }
    }
    return { outcome: 'token', token, lifeMs: seconds * 1_000 }
  } catch {
    return { outcome: 'unreachable' }
  }
}

function secretParams(config: LineConfig): Record<string, string> {
  return { client_id: config.channelId, client_secret: config.channelSecret }
}

/** Signs who we are with the key whose public half is registered at the platform. */
async function assertionParams(
  { channelId, assertionKey = '', assertionKeyId = '' }: LineConfig,
  now: number,
): Promise<Record<string, string>> {
  // Loaded by accounts that sign for their tokens.
  const { importJWK, SignJWT } = await import('jose')
  const key = await importJWK(JSON.parse(assertionKey) as JWK, 'RS256')
  const assertion = await new SignJWT({ token_exp: assertedLifeSeconds })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: assertionKeyId })
    .setIssuer(channelId)
    .setSubject(channelId)
    .setAudience('https://api.line.me/')
    .setExpirationTime(Math.floor(now / 1_000) + assertionLifeSeconds)
    .sign(key)
  return { client_assertion_type: assertionType, client_assertion: assertion }
}
