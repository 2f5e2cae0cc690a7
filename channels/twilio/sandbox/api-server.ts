import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { failure, type MessageCalls, type RestAnswer, type RestForm } from './messages.ts'
import { type AccountState, newSid, noteCall, type RestFault, type TwilioPlatform } from './platform.ts'

const maxBodyBytes = 1_000_000

interface Call {
  readonly account: AccountState
  readonly form: RestForm
  readonly params: readonly string[]
}

type Route = readonly [method: string, path: RegExp, handler: (call: Call) => RestAnswer]

/** Makes the platform's REST interface, and the store that media addresses redirect to. */
export function createApiServer(platform: TwilioPlatform, messages: MessageCalls): Server {
  const routes = routesOf(messages)
  return createServer((request, response) => {
    answer(platform, routes, request, response).catch((error: unknown) => {
      platform.options.log.error({ err: error }, 'the stand-in for Twilio failed')
      if (response.headersSent) response.destroy()
      else write(response, failure(500, 20_500, 'Internal server error'))
    })
  })
}

function routesOf(messages: MessageCalls): readonly Route[] {
  return [
    ['POST', /^\/Messages\.json$/, ({ account, form }) => messages.create(account, form)],
    ['GET', /^\/Messages\/((?:SM|MM)[0-9a-f]{32})\.json$/, ({ account, params: [sid = ''] }) => messages.find(account, sid)],
    [
      'GET',
      /^\/Messages\/(?:SM|MM)[0-9a-f]{32}\/Media\/(ME[0-9a-f]{32})$/,
      ({ params: [id = ''] }) => ({ status: 307, body: {}, headers: { location: `/stored/${id}` } }),
    ],
    ['GET', /^\.json$/, ({ account }) => ({ status: 200, body: accountOf(account) })],
    ['GET', /^\/IncomingPhoneNumbers\.json$/, (call) => ({ status: 200, body: numbersOf(call) })],
  ]
}

async function answer(
  platform: TwilioPlatform,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const { pathname, searchParams } = new URL(url, 'http://stand-in')
  const text = await readBody(request)
  if (text === null) return write(response, failure(413, 20_413, 'Request entity too large'))
  const stored = /^\/stored\/(ME[0-9a-f]{32})$/.exec(pathname)?.[1]
  if (stored !== undefined) return writeContent(platform, response, stored)
  const account = authenticate(platform, request.headers.authorization, pathname)
  if (account === undefined) return write(response, failure(401, 20_003, 'Authenticate'))
  const form = formOf(method === 'GET' ? searchParams : new URLSearchParams(text))
  const path = pathname.slice(`/2010-04-01/Accounts/${account.options.accountSid}`.length)
  const fault = takeFault(account, path)
  const run = (): RestAnswer => {
    for (const [wanted, pattern, handler] of routes) {
      const match = wanted === method ? pattern.exec(path) : null
      if (match) return handler({ account, form, params: match.slice(1) })
    }
    return failure(404, 20_404, `The requested resource ${path} was not found`)
  }
  const result = fault?.kind === 'answer' ? fault : fault?.kind === 'lose_request' ? null : run()
  const cut = result === null || fault?.kind === 'lose_answer'
  noteCall(account, { method, path, form, status: cut ? null : result.status })
  if (cut) return void request.socket.destroy()
  write(response, result)
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

function formOf(params: URLSearchParams): RestForm {
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)]))
}

/** By the account itself or one of its keys, and only for its own resources. */
function authenticate(platform: TwilioPlatform, header: string | undefined, pathname: string): AccountState | undefined {
  const given = Buffer.from(header?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8')
  return [...platform.accounts.values()].find(({ options }) => {
    const { accountSid, authToken, apiKeySid, apiKeySecret } = options
    const own = new RegExp(`^/2010-04-01/Accounts/${accountSid}(?:/|\\.json$)`).test(pathname)
    const key = apiKeySid !== undefined && apiKeySecret !== undefined && given === `${apiKeySid}:${apiKeySecret}`
    return own && (key || given === `${accountSid}:${authToken}`)
  })
}

function takeFault(account: AccountState, path: string): RestFault | undefined {
  const at = account.restFaults.findIndex((planned) => planned.path.test(path))
  return at < 0 ? undefined : account.restFaults.splice(at, 1)[0]?.fault
}

function write(response: ServerResponse, { status, body, headers = {} }: RestAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'twilio-request-id': newSid('RQ'), ...headers })
  response.end(JSON.stringify(body))
}

function writeContent(platform: TwilioPlatform, response: ServerResponse, id: string): void {
  const content = platform.contents.get(id)
  if (content === undefined) return write(response, failure(404, 20_404, 'The requested resource was not found'))
  response.writeHead(200, { 'content-type': content.mime, 'content-length': content.bytes.byteLength })
  response.end(content.bytes)
}

function accountOf({ options }: AccountState): object {
  return { sid: options.accountSid, friendly_name: options.displayName, status: 'active', type: 'Full' }
}

function numbersOf({ account: { options }, form }: Call): object {
  const wanted = form['PhoneNumber']?.[0]
  const own = options.number.startsWith('+') && (wanted === undefined || wanted === options.number)
  const number = {
    sid: `PN${'0'.repeat(32)}`,
    account_sid: options.accountSid,
    phone_number: options.number,
    sms_url: options.smsUrl,
    sms_method: 'POST',
  }
  return { incoming_phone_numbers: own ? [number] : [], page: 0, page_size: 1, next_page_uri: null }
}
