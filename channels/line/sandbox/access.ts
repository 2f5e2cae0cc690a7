import { importJWK, jwtVerify } from 'jose'
import { type AccountState, type Platform, randomHex } from './platform.ts'
import { type ApiAnswer, failure } from './send-calls.ts'

/** Life of a stateless token, and the longest of a v2.1 one, milliseconds. Source: "Channel access token". */
const statelessLifeMs = 15 * 60_000
const assertedLifeMs = 30 * 86_400_000
/** Life of a permission to link, milliseconds. Source: "Issue link token". */
const linkLifeMs = 10 * 60_000

/** The account whose token a call carries: its long-lived one, or one that was issued and has not run out. */
export function accountOf(platform: Platform, authorization: string | undefined): AccountState | undefined {
  const token = authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : ''
  if (token === '') return undefined
  return [...platform.accounts.values()].find(
    (account) => account.options.channelAccessToken === token || (account.issuedTokens.get(token) ?? 0) > platform.now(),
  )
}

/** Issues a token for a channel's secret, or for an assertion signed with its registered key. */
export async function issueToken(platform: Platform, version: 'v3' | 'v2.1', form: URLSearchParams): Promise<ApiAnswer> {
  if (form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type')
  const issue = (account: AccountState, lifeMs: number): ApiAnswer => {
    const token = randomHex(24)
    account.issuedTokens.set(token, platform.now() + lifeMs)
    return { status: 200, body: { access_token: token, expires_in: Math.floor(lifeMs / 1_000), token_type: 'Bearer' } }
  }
  if (version === 'v3') {
    const account = platform.accounts.get(form.get('client_id') ?? '')
    const fits = account !== undefined && account.options.channelSecret === form.get('client_secret')
    return fits ? issue(account, account.switches.tokenLifeMs ?? statelessLifeMs) : refused('invalid_client')
  }
  const proved = await provedBy(platform, form.get('client_assertion') ?? '')
  return proved === null ? refused('invalid_client') : issue(proved.account, Math.min(proved.lifeMs, assertedLifeMs))
}

function refused(error: string): ApiAnswer {
  return { status: 400, body: { error, error_description: 'The credentials are not those of a channel.' } }
}

async function provedBy(platform: Platform, assertion: string): Promise<{ account: AccountState; lifeMs: number } | null> {
  for (const account of platform.accounts.values()) {
    const { assertionKey, channelId } = account.options
    if (assertionKey === null) continue
    try {
      const key = await importJWK({ ...assertionKey }, 'RS256')
      const { payload } = await jwtVerify(assertion, key, {
        issuer: channelId,
        subject: channelId,
        audience: 'https://api.line.me/',
        currentDate: new Date(platform.now()),
      })
      const seconds = payload.token_exp
      return typeof seconds === 'number' && seconds > 0 ? { account, lifeMs: seconds * 1_000 } : null
    } catch {
      // Signed with another account's key, or not at all.
    }
  }
  return null
}

/** Gives a permission to link the person's account, once. */
export function issueLinkToken(platform: Platform, account: AccountState, userId: string): ApiAnswer {
  if (!account.people.has(userId)) return failure(404, 'Not found')
  const linkToken = randomHex(16)
  account.linkTokens.set(linkToken, { userId, until: platform.now() + linkLifeMs })
  return { status: 200, body: { linkToken } }
}

/** Whose permission to link it is; it is used up by asking. */
export function takeLinkToken(platform: Platform, linkToken: string): { account: AccountState; userId: string } | null {
  for (const account of platform.accounts.values()) {
    const found = account.linkTokens.get(linkToken)
    account.linkTokens.delete(linkToken)
    if (found !== undefined && found.until > platform.now()) return { account, userId: found.userId }
  }
  return null
}
