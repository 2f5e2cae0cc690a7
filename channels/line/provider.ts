import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, MediaResult, Profile, Session } from '../contract.ts'
import type { LineApi } from './api.ts'
import { isRecord, optionalText } from './inbound-fields.ts'

/** Ids stand in paths unescaped, so what is no id goes no further. */
const safeId = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Opens the content of an inbound medium.
 * @param source `{ messageId }` for content that LINE keeps, `{ url }` for content kept elsewhere.
 * Source: LINE Messaging API reference, "Get content".
 */
export async function fetchMedia(api: LineApi, source: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<MediaResult> {
  const target = targetOf(source)
  if (target === undefined) return { status: 'failed', retryable: false, detail: 'The message does not say where its content is.' }
  try {
    const response = await api.open(target, signal)
    const result = readMedia(response)
    if (result.status !== 'ready') await response.body?.cancel()
    return result.status === 'preparing' && 'path' in target ? await readPreparation(api, target.path, signal) : result
  } catch (error) {
    const permanent = error instanceof AppError && (error.kind === 'invalid_input' || error.kind === 'too_large')
    return {
      status: 'failed',
      retryable: !permanent,
      detail: error instanceof AppError ? error.message : 'The download did not begin.',
    }
  }
}

function targetOf(source: Readonly<Record<string, unknown>>): { path: string } | { url: string } | undefined {
  if (typeof source.url === 'string') return { url: source.url }
  if (typeof source.messageId !== 'string' || !safeId.test(source.messageId)) return undefined
  return { path: `/v2/bot/message/${source.messageId}/content` }
}

/** Why content is not there yet: only of recordings and films LINE tells, and then also that it never will be. */
async function readPreparation(api: LineApi, path: string, signal: AbortSignal): Promise<MediaResult> {
  const answer = await api.call({ method: 'GET', path: `${path}/transcoding`, host: 'data', signal })
  const failed = answer.outcome === 'answered' && answer.status === 200 && isRecord(answer.body) && answer.body.status === 'failed'
  return failed ? { status: 'failed', retryable: false, detail: 'LINE could not prepare the medium.' } : { status: 'preparing' }
}

function readMedia(response: Response): MediaResult {
  const { status, body } = response
  // 202 has no body: the content is still being prepared.
  if (status === 202) return { status: 'preparing' }
  if (status === 404 || status === 410) return { status: 'gone' }
  if (status !== 200 || body === null) {
    return {
      status: 'failed',
      retryable: status === 429 || status >= 500,
      detail: `LINE answered the download with status ${status}.`,
    }
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  const bytes = Number.isSafeInteger(length) && length >= 0 ? length : null
  return { status: 'ready', body: whole(body, bytes), bytes, mime: response.headers.get('content-type') }
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

/**
 * Looks up a person (`U…`), a group (`C…`) or a member of a group (`C…/U…`); rooms have no profile.
 * Null when LINE will not tell: no friend, no consent, blocked, or not to be reached.
 */
export async function fetchProfile(api: LineApi, threadKey: string, signal: AbortSignal): Promise<Profile | null> {
  const path = profilePath(threadKey)
  if (path === undefined) return null
  const answer = await api.call({ method: 'GET', path, signal })
  if (answer.outcome !== 'answered' || answer.status !== 200 || !isRecord(answer.body)) return null
  const displayName = optionalText(answer.body, 'displayName', 200) ?? optionalText(answer.body, 'groupName', 200)
  if (displayName === undefined) return null
  const avatarUrl = optionalText(answer.body, 'pictureUrl', 2_000)
  const locale = optionalText(answer.body, 'language', 35)
  return { displayName, ...(avatarUrl !== undefined && { avatarUrl }), ...(locale !== undefined && { locale }) }
}

function profilePath(threadKey: string): string | undefined {
  const [first = '', member, ...rest] = threadKey.split('/')
  if (!safeId.test(first) || rest.length > 0 || (member !== undefined && !safeId.test(member))) return undefined
  if (member !== undefined)
    return first.startsWith('C') ? `/v2/bot/group/${first}/member/${member}` : `/v2/bot/room/${first}/member/${member}`
  if (first.startsWith('U')) return `/v2/bot/profile/${first}`
  return first.startsWith('C') ? `/v2/bot/group/${first}/summary` : undefined
}

/** The loading animation: shown for this long, and not asked for again before. Source: "Display a loading indicator". */
const loadingSeconds = 20

/** Threads whose last animation is remembered. */
const rememberedThreads = 1_000

/** Makes the typing indicator: LINE's loading animation, in chats with one person only. */
export function createShowTyping(kit: ChannelKit, api: LineApi): NonNullable<Session['showTyping']> {
  const shownAt = new Map<string, number>()
  return async (threadKey, signal) => {
    const now = kit.now()
    const last = shownAt.get(threadKey)
    if (!threadKey.startsWith('U') || (last !== undefined && now - last < loadingSeconds * 1_000)) return
    const [oldest] = shownAt.keys()
    if (shownAt.size >= rememberedThreads && oldest !== undefined) shownAt.delete(oldest)
    shownAt.delete(threadKey)
    shownAt.set(threadKey, now)
    await api.call({
      method: 'POST',
      path: '/v2/bot/chat/loading/start',
      json: { chatId: threadKey, loadingSeconds },
      signal,
    })
  }
}

/**
 * Tells LINE that messages were read. The newest token, which comes last, marks the earlier messages of the chat as well.
 * An account that marks by itself refuses, which is no harm.
 * Source: LINE Messaging API reference, "Mark messages as read".
 */
export async function markRead(api: LineApi, tokens: readonly string[], signal: AbortSignal): Promise<void> {
  const markAsReadToken = tokens.at(-1)
  if (markAsReadToken === undefined || signal.aborted) return
  await api.call({ method: 'POST', path: '/v2/bot/chat/markAsRead', json: { markAsReadToken }, signal })
}
