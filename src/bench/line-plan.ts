import { createHash, createHmac } from 'node:crypto'

/** A run of LINE webhooks that sender and verifier can both write down from these few values. */
export interface LinePlan {
  /** Six digits, its own for each run: part of every id. */
  readonly run: string
  /** Path of the inbox's webhook. */
  readonly path: string
  readonly channelSecret: string
  /** How many customers write. */
  readonly senders: number
  /** `text` alone, `mixed` text, images and follows, or `first`: each customer in turn. */
  readonly kind: 'text' | 'mixed' | 'first'
  /** Whether one in twenty is sent again. */
  readonly repeats: boolean
  /** Epoch ms that the events carry. */
  readonly at: number
}

/** The words of the texts; the number of the webhook stands between the marks. */
const sentences = [
  '請問訂單什麼時候會到貨？我住在臺北市大安區。',
  '您好，想詢問高山烏龍茶的庫存與運費。',
  '昨天收到的茶葉包裝破損了，可以換貨嗎？謝謝您！',
  '注文した商品がまだ届きません。確認をお願いします。',
  'Hello, could you tell me when order A-1042 will arrive? 謝謝',
]

/** The webhook that number `n` sends again, or `n` itself. */
export function originalOf({ repeats }: Pick<LinePlan, 'repeats'>, n: number): number {
  return repeats && n % 20 === 19 ? n - 12 : n
}

/** What webhook `n` (an original) is about. */
export function kindOf({ kind }: Pick<LinePlan, 'kind'>, n: number): 'text' | 'image' | 'follow' {
  if (kind !== 'mixed') return 'text'
  if (n % 10 === 4) return 'image'
  return n % 20 === 8 ? 'follow' : 'text'
}

/** The provider's id of an event: 26 characters. */
export function eventIdOf(run: string, n: number): string {
  return `01${run}${String(n).padStart(18, '0')}`
}

/** The provider's id of a message: 18 digits. */
export function messageIdOf(run: string, n: number): string {
  return `${run}${String(n).padStart(12, '0')}`
}

/** The marks around a webhook's number in its text. */
export function markOf(n: number): string {
  return `#${n}#`
}

/** The number in a text of ours, or null. */
export function numberIn(text: string): number | null {
  const found = /#(\d+)#/.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

/** A customer's user id. */
export function userIdOf(sender: number): string {
  return `U${createHash('md5').update(`sender ${sender}`).digest('hex')}`
}

/** The body of webhook `n` (an original), as LINE writes it. */
export function bodyOf(plan: LinePlan, n: number): string {
  const kind = kindOf(plan, n)
  const sender = plan.kind === 'first' ? n : (n * 7_919) % plan.senders
  const about =
    kind === 'follow'
      ? { type: 'follow', follow: { isUnblocked: true } }
      : { type: 'message', message: { id: messageIdOf(plan.run, n), quoteToken: 'q3Plxr4AgKd9fWcXy', ...contentOf(kind, n) } }
  const event = {
    ...about,
    webhookEventId: eventIdOf(plan.run, n),
    deliveryContext: { isRedelivery: false },
    timestamp: plan.at,
    source: { type: 'user', userId: userIdOf(sender) },
    replyToken: `${plan.run}${String(n).padStart(26, '0')}`,
    mode: 'active',
  }
  return JSON.stringify({ destination: `U${'0'.repeat(32)}`, events: [event] })
}

function contentOf(kind: 'text' | 'image', n: number) {
  if (kind === 'image') return { type: 'image', contentProvider: { type: 'line' } }
  return { type: 'text', text: `${sentences[n % sentences.length]} ${markOf(n)}` }
}

/** The value of `x-line-signature`. */
export function signatureOf(channelSecret: string, body: string | Buffer): string {
  return createHmac('sha256', channelSecret).update(body).digest('base64')
}

/** Whole requests `from` … `from + count`, signed and ready to be written to a socket. */
export function requestsOf(plan: LinePlan, from: number, count: number): Buffer[] {
  const requests: Buffer[] = []
  for (let n = from; n < from + count; n++) {
    const original = originalOf(plan, n)
    const earlier = original === n || original < from ? undefined : requests[original - from]
    requests.push(earlier ?? requestOf(plan.path, plan.channelSecret, bodyOf(plan, original)))
  }
  return requests
}

/** One signed request. */
export function requestOf(path: string, channelSecret: string, body: string): Buffer {
  const bytes = Buffer.from(body)
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: LineBotWebhook/2.0',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${bytes.length}`,
    `x-line-signature: ${signatureOf(channelSecret, bytes)}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes])
}
