import { z } from 'zod'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit } from '../contract.ts'
import type { EmailConfig } from './config.ts'

/** A token is renewed so long before it ends, milliseconds. */
const aheadMs = 120_000
/** What is assumed where the server does not say how long a token lives, seconds. */
const usualSeconds = 3_600

const answerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
})
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() })

/**
 * Gives access tokens of one account (RFC 6749 §6, or §4.4 where no refresh token is set). Who asks while one is being
 * fetched shares it. A refusal is remembered: the settings must change before the server is asked again.
 */
export function createAccessTokens(config: EmailConfig, kit: Pick<ChannelKit, 'fetch' | 'now'>): (signal: AbortSignal) => Promise<string> {
  let held: { readonly token: string; readonly until: number } | null = null
  let pending: Promise<string> | null = null
  let refused: AppError | null = null
  let refreshToken = config.oauthRefreshToken
  const renew = async (signal: AbortSignal): Promise<string> => {
    const answer = await ask(config, refreshToken, kit, signal)
    refreshToken = answer.refresh_token ?? refreshToken
    held = { token: answer.access_token, until: kit.now() + (answer.expires_in ?? usualSeconds) * 1_000 }
    return answer.access_token
  }
  return async (signal) => {
    if (refused !== null) throw refused
    if (held !== null && held.until - aheadMs > kit.now()) return held.token
    pending ??= renew(signal)
      .catch((error: unknown) => {
        if (error instanceof AppError && error.kind === 'provider_rejected') refused = error
        throw error
      })
      .finally(() => {
        pending = null
      })
    return pending
  }
}

async function ask(
  config: EmailConfig,
  refreshToken: string | undefined,
  kit: Pick<ChannelKit, 'fetch'>,
  signal: AbortSignal,
): Promise<z.infer<typeof answerSchema>> {
  const form = new URLSearchParams({ client_id: config.oauthClientId ?? '' })
  if (refreshToken === undefined) form.set('grant_type', 'client_credentials')
  else {
    form.set('grant_type', 'refresh_token')
    form.set('refresh_token', refreshToken)
  }
  if (config.oauthClientSecret !== undefined) form.set('client_secret', config.oauthClientSecret)
  if (config.oauthScope !== undefined) form.set('scope', config.oauthScope)
  const response = await kit.fetch(config.oauthTokenUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
  })
  const body: unknown = await response.json().catch(() => null)
  const answer = answerSchema.safeParse(body)
  if (response.ok && answer.success) return answer.data
  const refusal = refusalSchema.safeParse(body)
  // 429 and 5xx pass by themselves; what is said about the grant does not.
  if (response.status === 429 || response.status >= 500 || !refusal.success) {
    throw new AppError('provider_unavailable', `The token server answered ${response.status}.`, { status: response.status })
  }
  const { error, error_description: words } = refusal.data
  const reason = error === 'invalid_grant' ? 'The permission was withdrawn or has run out; grant it again.' : `It says "${error}".`
  throw new AppError('provider_rejected', `The token server refuses a new access token. ${reason}`, {
    code: error,
    ...(words === undefined ? {} : { words: words.slice(0, 300) }),
  })
}
