/** What the chat tells the page around it. Never a word of the conversation: the page is not ours. */
export type FromChat =
  | { readonly type: 'ready'; readonly color: string; readonly name: string }
  /** Messages not yet seen. */
  | { readonly type: 'unread'; readonly count: number }
  /** The visitor has written: their thread is worth following on the next page, too. */
  | { readonly type: 'started' }
  | { readonly type: 'close' }

/** What the page around it tells the chat. */
export type FromPage =
  /** Whether the panel is on the screen. */
  | { readonly type: 'shown'; readonly open: boolean }
  /** The page the visitor is on; told anew when it changes. */
  | { readonly type: 'page'; readonly url: string; readonly title: string }
  /** The site's proof of who its user is, as its own script gave it. */
  | { readonly type: 'identify'; readonly proof: PageProof }
  /** The user has logged out of the site. */
  | { readonly type: 'logout' }

/** A proof as sites give it: their id of the user with its HMAC, or a signed token. */
export type PageProof =
  | { readonly id: string; readonly hash: string; readonly name?: string; readonly email?: string }
  | { readonly jwt: string }

const mark = 'onequeue'

/** Wraps a message so that the other side can tell it from those of other programs. */
export function packFrame(message: FromChat | FromPage): unknown {
  return { mark, ...message }
}

/** A message of the chat, or null when it is anything else. The caller has checked where it comes from. */
export function readFromChat(data: unknown): FromChat | null {
  if (!isMarked(data)) return null
  switch (data['type']) {
    case 'ready': {
      const { color, name } = data
      return typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) && typeof name === 'string' ? { type: 'ready', color, name } : null
    }
    case 'unread': {
      const { count } = data
      return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? { type: 'unread', count } : null
    }
    case 'started':
    case 'close':
      return { type: data['type'] }
    default:
      return null
  }
}

/** A message of the page, or null when it is anything else. The caller has checked where it comes from. */
export function readFromPage(data: unknown): FromPage | null {
  if (!isMarked(data)) return null
  switch (data['type']) {
    case 'shown':
      return typeof data['open'] === 'boolean' ? { type: 'shown', open: data['open'] } : null
    case 'page': {
      const { url, title } = data
      return typeof url === 'string' && typeof title === 'string'
        ? { type: 'page', url: url.slice(0, 2_000), title: title.slice(0, 200) }
        : null
    }
    case 'identify': {
      const proof = readProof(data['proof'])
      return proof === null ? null : { type: 'identify', proof }
    }
    case 'logout':
      return { type: 'logout' }
    default:
      return null
  }
}

/** A proof with nothing but its own members, or null. */
export function readProof(given: unknown): PageProof | null {
  if (typeof given !== 'object' || given === null) return null
  const { id, hash, jwt, name, email } = given as Record<string, unknown>
  if (typeof jwt === 'string') return { jwt }
  if (typeof id !== 'string' || typeof hash !== 'string') return null
  return { id, hash, ...(typeof name === 'string' ? { name } : {}), ...(typeof email === 'string' ? { email } : {}) }
}

function isMarked(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && 'mark' in data && data.mark === mark
}
