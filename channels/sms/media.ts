import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, MediaResult } from '../contract.ts'
import { credentialsOf, twilioApiOrigin } from '../twilio/account.ts'
import type { SmsConfig } from './config.ts'

/** Hops from the API to where the bytes lie. */
const maxRedirects = 3

/**
 * Opens a medium of an inbound message. The credentials go to the account's own media on the API's origin and to
 * nobody else; where it redirects to, the signed address is all that is needed.
 * @param source `{ url }` as the webhook named it.
 * Source: Twilio, "Media resource", "Basic authentication for media URLs".
 */
export async function fetchMedia(
  config: SmsConfig,
  fetch: ChannelKit['fetch'],
  source: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<MediaResult> {
  const target = targetOf(config, source.url)
  if (target === null) return { status: 'failed', retryable: false, detail: 'The medium is not one of this account.' }
  const { username, password } = credentialsOf(config)
  try {
    let response = await fetch(target, {
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      redirect: 'manual',
      signal,
    })
    for (let hop = 0; hop < maxRedirects && response.status >= 300 && response.status < 400; hop += 1) {
      const location = response.headers.get('location') ?? ''
      await response.body?.cancel()
      if (!URL.canParse(location, response.url || target.href)) break
      response = await fetch(new URL(location, response.url || target.href), { redirect: 'manual', signal })
    }
    return await readResponse(response)
  } catch (error) {
    const known = error instanceof AppError
    const retryable = !known || (error.kind !== 'invalid_input' && error.kind !== 'too_large')
    return { status: 'failed', retryable, detail: known ? error.message : 'The download did not begin.' }
  }
}

/** The address on the configured origin; null for what is not this account's. */
function targetOf({ accountSid, apiBaseUrl }: SmsConfig, url: unknown): URL | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { origin, pathname } = new URL(url)
  if (origin !== twilioApiOrigin && origin !== apiBaseUrl) return null
  const path = new RegExp(`^/2010-04-01/Accounts/${accountSid}/Messages/[A-Z]{2}[0-9a-f]{32}/Media/ME[0-9a-f]{32}$`)
  return path.test(pathname) ? new URL(pathname, apiBaseUrl) : null
}

async function readResponse(response: Response): Promise<MediaResult> {
  const { status, body } = response
  if (status === 200 && body !== null) {
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const bytes = Number.isSafeInteger(length) && length >= 0 ? length : null
    return { status: 'ready', body: whole(body, bytes), bytes, mime: response.headers.get('content-type') }
  }
  await body?.cancel()
  if (status === 410) return { status: 'gone' }
  // Right after the webhook the medium may not be there yet.
  const retryable = status === 404 || status === 429 || status >= 500
  return { status: 'failed', retryable, detail: `Twilio answered the download with status ${status}.` }
}

/**
 * Hands on a body and makes sure that it is whole.
 * @throws AppError 'provider_unavailable' while it is read, when it breaks off or is shorter than announced.
 */
async function* whole(body: AsyncIterable<Uint8Array>, expected: number | null): AsyncGenerator<Uint8Array> {
  let seen = 0
  try {
    for await (const chunk of body) {
      seen += chunk.byteLength
      yield chunk
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('provider_unavailable', 'The download broke off.', { seen }, { cause })
  }
  if (expected !== null && seen !== expected) throw new AppError('provider_unavailable', 'The download broke off.', { seen, expected })
}
