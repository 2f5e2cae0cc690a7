import type { ChannelId, Locale } from '../../src/wire/words.ts'

/** Password of every demo account. The demo never runs in production. */
export const demoPassword = 'camellia-tea'

/** One account of the demo centre. */
export interface DemoPerson {
  readonly email: string
  readonly name: string
  readonly roleId: 'agent' | 'supervisor' | 'admin'
  readonly locale: Locale
  /** Skill name → level 1–5. */
  readonly skills: Readonly<Record<string, number>>
  readonly queues: readonly string[]
}

/** The people of Camellia Tea House, a tea merchant in Taipei. */
export const demoPeople: readonly DemoPerson[] = [
  { email: 'admin@camellia.test', name: '周雅婷', roleId: 'admin', locale: 'zh-TW', skills: {}, queues: [] },
  {
    email: 'supervisor@camellia.test',
    name: '林怡君',
    roleId: 'supervisor',
    locale: 'zh-TW',
    skills: { 中文: 5, English: 4 },
    queues: ['顧客服務', 'VIP', '訂單與物流'],
  },
  {
    email: 'mei@camellia.test',
    name: '陳美玲',
    roleId: 'agent',
    locale: 'zh-TW',
    skills: { 中文: 5, 茶葉知識: 5 },
    queues: ['顧客服務', 'VIP'],
  },
  {
    email: 'wei@camellia.test',
    name: '黃志偉',
    roleId: 'agent',
    locale: 'zh-TW',
    skills: { 中文: 5, 物流: 4 },
    queues: ['顧客服務', '訂單與物流'],
  },
  {
    email: 'emma@camellia.test',
    name: 'Emma Hartley',
    roleId: 'agent',
    locale: 'en',
    skills: { English: 5, 中文: 2 },
    queues: ['顧客服務', 'VIP'],
  },
  {
    email: 'misaki@camellia.test',
    name: '佐藤 美咲',
    roleId: 'agent',
    locale: 'ja',
    skills: { 日本語: 5, English: 3, 茶葉知識: 3 },
    queues: ['顧客服務', 'VIP'],
  },
  { email: 'jun@camellia.test', name: '李俊', roleId: 'agent', locale: 'zh-CN', skills: { 中文: 5, 物流: 3 }, queues: ['訂單與物流'] },
  {
    email: 'ting@camellia.test',
    name: '張庭瑄',
    roleId: 'agent',
    locale: 'zh-TW',
    skills: { 中文: 5, English: 3, 物流: 2 },
    queues: ['顧客服務', '訂單與物流'],
  },
]

/** The queues: name, rules that differ from the defaults. */
export const demoQueues = [
  {
    name: '顧客服務',
    priority: 5,
    firstResponseMs: 15 * 60_000,
    wrapUpMs: 120_000,
    dispositions: ['已解決', '需要追蹤', '轉介門市', '無效詢問'],
    dispositionRequired: false,
  },
  {
    name: 'VIP',
    priority: 8,
    firstResponseMs: 3 * 60_000,
    wrapUpMs: 180_000,
    dispositions: ['已解決', '需要追蹤', '預約品茶'],
    dispositionRequired: true,
  },
  {
    name: '訂單與物流',
    priority: 5,
    firstResponseMs: 30 * 60_000,
    wrapUpMs: 60_000,
    dispositions: ['已出貨', '補寄', '退款', '已說明'],
    dispositionRequired: true,
  },
] as const

/** A line of a demo conversation: who says what, so many minutes after the one before. */
export interface DemoLine {
  readonly by: 'customer' | 'agent' | 'note'
  readonly text: string
  readonly afterMinutes: number
}

/** One conversation of the demo. */
export interface DemoConversation {
  readonly channel: Extract<ChannelId, 'line' | 'webchat'>
  readonly inbox: string
  readonly customer: string
  /** Minutes before now at which it begins. */
  readonly minutesAgo: number
  /** E-mail of the agent who took it; without one it waits. */
  readonly agent?: string
  readonly lines: readonly DemoLine[]
  /** How it ended; without it it goes on. */
  readonly disposition?: string
  readonly queue?: string
  readonly snoozeMinutes?: number
}
