/** Nothing of these fields is shown. Compared without case, `_` and `-`. */
const secretFields = new Set(
  [
    'accessToken apiKey apiToken assertion assertionKey authToken authorization bearer channelAccessToken channelSecret clientSecret cookie',
    'cookies credential credentials csrf jwt loginToken password passwd privateKey refreshToken replyToken secret',
    'secretKey session sessionToken setCookie signature token totp xLineSignature xTwilioSignature',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
)

/** Of these fields, which hold people's words or raw payloads, only the length is shown. */
const spokenFields = new Set(
  'altText answer body caption content description displayName fullName html note payload preview raw rawBody reply subject text transcript'
    .toLowerCase()
    .split(' '),
)

/** Of these fields, which hold addresses of people, only the end is shown. */
const addressFields = new Set('address caller callee email from mail phone phoneNumber recipient sender tel to'.toLowerCase().split(' '))

/** Nesting that is followed; anything deeper is left out. */
const maxDepth = 6

/** Masks the fields of one log call. Errors keep their class, code and stack, and their text passes through `maskLine`. */
export function maskFields(fields: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) out[name] = maskField(name, value, 0)
  return out
}

function maskField(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  const plain = name.toLowerCase().replaceAll(/[_-]/g, '')
  if (secretFields.has(plain)) return '[secret]'
  if (spokenFields.has(plain)) return describe(value)
  if (addressFields.has(plain) && typeof value === 'string') return ending(value)
  return maskValue(value, depth)
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (depth >= maxDepth) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => maskValue(item, depth + 1))
  if (value instanceof Date || value instanceof URL) return value.toJSON()
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, maskField(k, v, depth + 1)]))
}

function describe(value: unknown): unknown {
  if (typeof value === 'string') return `[${value.length} chars]`
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  return typeof value === 'number' ? value : '[masked]'
}

function ending(address: string): string {
  const at = address.lastIndexOf('@')
  if (at >= 0) return `…${address.slice(at)}`
  return address.length > 6 ? `…${address.slice(-3)}` : '…'
}

const international = /\+\d[\d -]{6,16}(\d{3})(?!\d)/g
const bearer = /\b(Bearer|Basic) +[\w.~+/=-]{8,}/g
const webToken = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g
const ownToken = /\boq[a-z]?_[\w-]{16,}/g
const uriPassword = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@/"]+@/gi

/** Masks what betrays itself by its form in a finished line: E.164 numbers, tokens, passwords in addresses. */
export function maskLine(line: string): string {
  return line
    .replace(international, '+…$1')
    .replace(bearer, '$1 [secret]')
    .replace(webToken, '[secret]')
    .replace(ownToken, '[secret]')
    .replace(uriPassword, '$1:[secret]@')
}
