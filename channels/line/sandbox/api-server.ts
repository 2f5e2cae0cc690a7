import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isRecord } from '../inbound-fields.ts'
import { accountOf, issueLinkToken, issueToken, takeLinkToken } from './access.ts'
import { type AccountState, type ApiFault, type Content, noteCall, type Platform, threadOf } from './platform.ts'
import { type ApiAnswer, createSendCalls, failure, type SendCalls } from './send-calls.ts'

/** Largest body of a call. Source: LINE Messaging API reference, status 413. */
const maxBodyBytes = 2_000_000

interface Call {
  readonly account: AccountState
  readonly requestId: string
  readonly retryKey: string | undefined
  readonly body: unknown
  /** What stands in the address where the route has a group. */
  readonly params: readonly string[]
}

type Handler = (call: Call) => ApiAnswer | Content
type Route = readonly [method: string, path: RegExp, handler: Handler]

/** Makes the platform's HTTP interface, of both its hosts. */
export function createApiServer(
  platform: Platform,
  onLinked: (account: AccountState, userId: string, nonce: string) => Promise<unknown>,
): Server {
  const linked = async (linkToken: string, nonce: string): Promise<boolean> => {
    const found = takeLinkToken(platform, linkToken)
    if (found !== null) await onLinked(found.account, found.userId, nonce)
    return found !== null
  }
  const routes = routesOf(platform, createSendCalls(platform))
  return createServer((request, response) => {
    answer(platform, routes, linked, request, response).catch((error: unknown) => {
      platform.options.log.error({ err: error }, 'the stand-in platform failed')
      if (response.headersSent) response.destroy()
      else write(response, randomUUID(), failure(500, 'Internal server error'))
    })
  })
}

function routesOf(platform: Platform, send: SendCalls): readonly Route[] {
  const ok: ApiAnswer = { status: 200, body: {} }
  return [
    [
      'POST',
      /^\/v2\/bot\/message\/reply$/,
      ({ account, body, retryKey }) => (isRecord(body) ? send.reply(account, body, retryKey) : unreadable),
    ],
    [
      'POST',
      /^\/v2\/bot\/message\/push$/,
      ({ account, body, retryKey, requestId }) => (isRecord(body) ? send.push(account, body, retryKey, requestId) : unreadable),
    ],
    [
      'GET',
      /^\/v2\/bot\/message\/quota$/,
      ({ account }) => ({
        status: 200,
        body: account.monthlyQuota === null ? { type: 'none' } : { type: 'limited', value: account.monthlyQuota },
      }),
    ],
    ['GET', /^\/v2\/bot\/message\/quota\/consumption$/, ({ account }) => ({ status: 200, body: { totalUsage: account.quotaUsed } })],
    ['GET', /^\/v2\/bot\/message\/(\d+)\/content$/, ({ account, params: [id = ''] }) => contentOf(platform, account, id)],
    ['GET', /^\/v2\/bot\/message\/(\d+)\/content\/transcoding$/, ({ account, params: [id = ''] }) => transcodingOf(platform, account, id)],
    ['GET', /^\/v2\/bot\/richmenu\/list$/, ({ account }) => ({ status: 200, body: { richmenus: menusOf(account) } })],
    ['GET', /^\/v2\/bot\/user\/(U[0-9a-f]{32})\/richmenu$/, ({ account, params: [id = ''] }) => menuOf(account, id)],
    ['DELETE', /^\/v2\/bot\/user\/(U[0-9a-f]{32})\/richmenu$/, ({ account, params: [id = ''] }) => linkMenu(account, id, null)],
    [
      'POST',
      /^\/v2\/bot\/user\/(U[0-9a-f]{32})\/richmenu\/([\w-]+)$/,
      ({ account, params: [id = '', menu = ''] }) => linkMenu(account, id, menu),
    ],
    ['POST', /^\/v2\/bot\/user\/(U[0-9a-f]{32})\/linkToken$/, ({ account, params: [id = ''] }) => issueLinkToken(platform, account, id)],
    ['GET', /^\/v2\/bot\/profile\/(U[0-9a-f]{32})$/, ({ account, params: [id = ''] }) => profileOf(account, id)],
    ['GET', /^\/v2\/bot\/group\/(C[0-9a-f]{32})\/summary$/, ({ account, params: [id = ''] }) => groupOf(account, id)],
    ['GET', /^\/v2\/bot\/(?:group|room)\/([CR][0-9a-f]{32})\/member\/(U[0-9a-f]{32})$/, memberOf],
    ['GET', /^\/v2\/bot\/info$/, ({ account }) => ({ status: 200, body: botInfo(account) })],
    ['POST', /^\/v2\/bot\/chat\/loading\/start$/, (call) => startLoading(platform, call)],
    ['POST', /^\/v2\/bot\/chat\/markAsRead$/, (call) => markAsRead(platform, call)],
    [
      'GET',
      /^\/v2\/bot\/channel\/webhook\/endpoint$/,
      ({ account }) => ({ status: 200, body: { endpoint: account.webhookUrl, active: true } }),
    ],
    [
      'PUT',
      /^\/v2\/bot\/channel\/webhook\/endpoint$/,
      ({ account, body }) => {
        if (!isRecord(body) || typeof body.endpoint !== 'string' || !URL.canParse(body.endpoint))
          return failure(400, 'Invalid webhook endpoint URL')
        account.webhookUrl = body.endpoint
        return ok
      },
    ],
  ]
}

const unreadable = failure(400, 'The request body could not be parsed as JSON (line: 1, column: 1)')

type Linked = (linkToken: string, nonce: string) => Promise<boolean>

/** The page on which the platform confirms that the browser's account is the phone's. */
async function confirmLink(linked: Linked, url: URL, response: ServerResponse): Promise<void> {
  const done = await linked(url.searchParams.get('linkToken') ?? '', url.searchParams.get('nonce') ?? '')
  response.writeHead(done ? 200 : 400, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(done ? 'Linked.' : 'This link was used already, or is too old.')
}

async function answer(
  platform: Platform,
  routes: readonly Route[],
  linked: Linked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const path = url.split('?')[0] ?? '/'
  const requestId = randomUUID()
  const text = await readBody(request)
  if (text === null) return write(response, requestId, failure(413, 'Request entity too large'))
  const issuing = /^\/oauth2\/(v3|v2\.1)\/token$/.exec(path)
  if (issuing) return write(response, requestId, await issueToken(platform, issuing[1] === 'v3' ? 'v3' : 'v2.1', new URLSearchParams(text)))
  if (path === '/dialog/bot/accountLink') return confirmLink(linked, new URL(url, 'http://sandbox'), response)
  const account = accountOf(platform, request.headers.authorization)
  if (!account)
    return write(
      response,
      requestId,
      failure(401, 'Authentication failed. Confirm that the access token in the authorization header is valid.'),
    )
  const header = request.headers['x-line-retry-key']
  const retryKey = typeof header === 'string' ? header : undefined
  const body = parseJson(text)
  const fault = takeFault(account, path)
  const run = (): ApiAnswer | Content => {
    for (const [wanted, pattern, handler] of routes) {
      const match = wanted === method ? pattern.exec(path) : null
      if (match) return handler({ account, requestId, retryKey, body, params: match.slice(1) })
    }
    return failure(404, 'Not found')
  }
  const result = fault?.kind === 'answer' ? fault : fault?.kind === 'lose_request' ? null : run()
  const cut = result === null || fault?.kind === 'lose_answer'
  noteCall(account, {
    at: platform.now(),
    method,
    path,
    retryKey: retryKey ?? null,
    body,
    status: cut || 'bytes' in result ? null : result.status,
  })
  if (cut) return void request.socket.destroy()
  if ('bytes' in result) return writeContent(response, requestId, result, fault?.kind === 'cut_content' || account.switches.dropsDownloads)
  write(response, requestId, result)
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function takeFault(account: AccountState, path: string): ApiFault | undefined {
  const at = account.apiFaults.findIndex((planned) => planned.path.test(path))
  return at < 0 ? undefined : account.apiFaults.splice(at, 1)[0]?.fault
}

function write(response: ServerResponse, requestId: string, { status, body, headers = {} }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-line-request-id': requestId, ...headers })
  response.end(JSON.stringify(body))
}

function writeContent(response: ServerResponse, requestId: string, content: Content, cut: boolean): void {
  response.writeHead(200, {
    'content-type': content.mime,
    'content-length': content.bytes.byteLength,
    'x-line-request-id': requestId,
  })
  if (!cut) return void response.end(content.bytes)
  response.write(content.bytes.subarray(0, Math.floor(content.bytes.byteLength / 2)), () => response.destroy())
}

function contentOf(platform: Platform, account: AccountState, messageId: string): ApiAnswer | Content {
  const content = platform.contents.get(messageId)
  if (!content) return failure(404, 'Not found')
  if (content.gone) return failure(410, 'Gone')
  const stuck = account.switches.failsTranscoding && /^(video|audio)\//.test(content.mime)
  return stuck || platform.now() < content.readyAt ? { status: 202, body: {} } : content
}

function transcodingOf(platform: Platform, account: AccountState, messageId: string): ApiAnswer {
  const content = platform.contents.get(messageId)
  if (!content) return failure(404, 'Not found')
  if (account.switches.failsTranscoding) return { status: 200, body: { status: 'failed' } }
  return { status: 200, body: { status: platform.now() < content.readyAt ? 'processing' : 'succeeded' } }
}

function menusOf(account: AccountState): object[] {
  return Object.entries(account.options.menus).map(([richMenuId, name]) => ({ richMenuId, name, chatBarText: name }))
}

function menuOf(account: AccountState, userId: string): ApiAnswer {
  const richMenuId = account.people.get(userId)?.menuId ?? null
  return richMenuId === null ? failure(404, 'the user has no richmenu') : { status: 200, body: { richMenuId } }
}

function linkMenu(account: AccountState, userId: string, menuId: string | null): ApiAnswer {
  const person = account.people.get(userId)
  if (!person || (menuId !== null && !(menuId in account.options.menus))) return failure(404, 'richmenu not found')
  person.menuId = menuId
  return { status: 200, body: {} }
}

function memberOf({ account, params: [groupId = '', userId = ''] }: Call): ApiAnswer {
  const inGroup = account.groups.get(groupId)?.members.has(userId) === true
  const wroteThere = account.threads.get(groupId)?.entries.some((entry) => entry.userId === userId) === true
  const person = account.people.get(userId)
  if (!person || !(inGroup || wroteThere)) return failure(404, 'Not found')
  const { displayName, pictureUrl } = person
  return { status: 200, body: { displayName, userId, ...(pictureUrl !== null && { pictureUrl }) } }
}

function profileOf(account: AccountState, userId: string): ApiAnswer {
  const person = account.people.get(userId)
  if (!person || person.blocked || !(person.friend || person.lastWroteAt !== null)) return failure(404, 'Not found')
  const { displayName, pictureUrl, language } = person
  return {
    status: 200,
    body: { displayName, userId, ...(pictureUrl !== null && { pictureUrl }), ...(language !== null && { language }) },
  }
}

function groupOf(account: AccountState, groupId: string): ApiAnswer {
  const group = account.groups.get(groupId)
  return group?.joined ? { status: 200, body: { groupId, groupName: group.name } } : failure(404, 'Not found')
}

function botInfo(account: AccountState): object {
  const { botUserId, displayName, channelId } = account.options
  return { userId: botUserId, basicId: `@${channelId}`, displayName, chatMode: 'chat', markAsReadMode: 'manual' }
}

function startLoading(platform: Platform, { account, body }: Call): ApiAnswer {
  const { chatId, loadingSeconds = 20 } = isRecord(body) ? body : {}
  if (typeof chatId !== 'string' || !account.people.has(chatId))
    return failure(400, "The property, 'chatId', in the request body is invalid (line: -, column: -)")
  if (typeof loadingSeconds !== 'number' || loadingSeconds < 5 || loadingSeconds > 60 || loadingSeconds % 5 !== 0) {
    return failure(400, "The property, 'loadingSeconds', in the request body is invalid (line: -, column: -)")
  }
  threadOf(account, chatId).loadingUntil = platform.now() + loadingSeconds * 1_000
  platform.changed(account, chatId)
  return { status: 202, body: {} }
}

/** A token marks its message and every earlier one of the customer. */
function markAsRead(platform: Platform, { account, body }: Call): ApiAnswer {
  const token = isRecord(body) ? body.markAsReadToken : undefined
  for (const thread of account.threads.values()) {
    const at = thread.entries.findIndex((entry) => entry.message.markAsReadToken === token)
    if (typeof token !== 'string' || at < 0) continue
    for (const entry of thread.entries.slice(0, at + 1)) if (entry.from === 'customer') entry.readAt ??= platform.now()
    platform.changed(account, thread.key)
    return { status: 200, body: {} }
  }
  return failure(400, 'Invalid markAsReadToken')
}
