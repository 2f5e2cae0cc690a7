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
  { readonly type: 'shown'; readonly open: boolean }

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
  if (!isMarked(data) || data['type'] !== 'shown' || typeof data['open'] !== 'boolean') return null
  return { type: 'shown', open: data['open'] }
}

function isMarked(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && 'mark' in data && data.mark === mark
}
