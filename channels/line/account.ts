import { AppError } from '../../src/lib/errors.ts'
import { splitText } from '../../src/lib/split-text.ts'
import type { MessagePart } from '../../src/wire/messages.ts'
import type { ChatMenu, Meter, Session } from '../contract.ts'
import type { LineAnswer, LineApi } from './api.ts'
import type { LineConfig } from './config.ts'
import { isRecord, optionalText } from './inbound-fields.ts'
import { lineLimits } from './limits.ts'

/** Ids stand in paths unescaped, so what is no id goes no further. */
const safeId = /^[A-Za-z0-9_-]{1,64}$/

/** The bubbles of a message, for deciding what leaves in one call. */
export function bubbleCount(parts: readonly MessagePart[]): number {
  return parts.reduce((sum, part) => {
    if (part.type === 'quick_replies') return sum
    return sum + (part.type === 'text' ? splitText(part.text, lineLimits.textChars).length : 1)
  }, 0)
}

/** Makes the meter of an account: its monthly plan and what was used of it. Source: "Get the target limit …", "Get number of messages sent this month". */
export function createMeter(config: LineConfig, api: LineApi): Meter {
  const read = async (path: string, signal: AbortSignal): Promise<unknown> => {
    const answer = await api.call({ method: 'GET', path, signal })
    return answer.outcome === 'answered' && answer.status === 200 ? answer.body : null
  }
  return {
    whenLow: config.whenQuotaLow,
    lowPercent: config.quotaLowPercent,
    repliesFree: config.sendPolicy === 'reply_first',
    read: async (signal) => {
      const plan = await read('/v2/bot/message/quota', signal)
      const use = await read('/v2/bot/message/quota/consumption', signal)
      if (!isRecord(plan) || !isRecord(use) || typeof use.totalUsage !== 'number') return null
      const limited = plan.type === 'limited' && typeof plan.value === 'number'
      return { limit: limited ? Math.max(0, Math.trunc(Number(plan.value))) : null, used: Math.max(0, Math.trunc(use.totalUsage)) }
    },
  }
}

/** Looks whether the token is taken and webhooks come here. Source: "Get bot info", "Get webhook endpoint information". */
export async function checkAccount(
  config: LineConfig,
  api: LineApi,
  webhookUrl: string,
  signal: AbortSignal,
): ReturnType<NonNullable<Session['checkAccount']>> {
  const bot = await api.call({ method: 'GET', path: '/v2/bot/info', signal })
  if (bot.outcome !== 'answered' || bot.status >= 500 || bot.status === 429) return null
  if (bot.status === 401) return { state: 'auth_failed', detail: 'token' }
  if (isRecord(bot.body) && config.botUserId !== undefined && bot.body.userId !== config.botUserId) {
    return { state: 'degraded', detail: 'other_account' }
  }
  const hook = await api.call({ method: 'GET', path: '/v2/bot/channel/webhook/endpoint', signal })
  if (hook.outcome !== 'answered' || !isRecord(hook.body)) return null
  if (hook.status === 404 || hook.body.endpoint !== webhookUrl) return { state: 'webhook_silent', detail: 'webhook_elsewhere' }
  return hook.body.active === false ? { state: 'webhook_silent', detail: 'webhook_off' } : { state: 'ok', detail: null }
}

/** Rich menus of an account, by person. Source: "Rich menu", "Per-user rich menu". */
export function createMenus(api: LineApi): NonNullable<Session['menus']> {
  return {
    list: async (signal) => {
      const answer = answered(await api.call({ method: 'GET', path: '/v2/bot/richmenu/list', signal }))
      const menus = answer.status === 200 && isRecord(answer.body) && Array.isArray(answer.body.richmenus) ? answer.body.richmenus : null
      if (menus === null) throw unavailable(answer)
      return menus.flatMap((menu) => (isRecord(menu) ? (menuOf(menu) ?? []) : []))
    },
    current: async (threadKey, signal) => {
      const answer = answered(await api.call({ method: 'GET', path: `/v2/bot/user/${personOf(threadKey)}/richmenu`, signal }))
      if (answer.status === 404) return null
      if (answer.status !== 200 || !isRecord(answer.body)) throw unavailable(answer)
      return optionalText(answer.body, 'richMenuId', 100) ?? null
    },
    set: async (threadKey, menuId, signal) => {
      const person = `/v2/bot/user/${personOf(threadKey)}/richmenu`
      if (menuId !== null && !safeId.test(menuId)) throw new AppError('invalid_input', 'There is no such menu.')
      const answer = answered(
        await api.call(
          menuId === null ? { method: 'DELETE', path: person, signal } : { method: 'POST', path: `${person}/${menuId}`, signal },
        ),
      )
      if (answer.status === 404 || answer.status === 400) throw new AppError('invalid_input', 'There is no such menu.')
      if (answer.status !== 200) throw unavailable(answer)
    },
  }
}

function menuOf(menu: Readonly<Record<string, unknown>>): ChatMenu | null {
  const id = optionalText(menu, 'richMenuId', 100)
  return id === undefined ? null : { id, name: optionalText(menu, 'name', 300) ?? id }
}

function personOf(threadKey: string): string {
  if (!/^U[0-9a-f]{32}$/.test(threadKey)) throw new AppError('invalid_input', 'Only a person has a menu.')
  return threadKey
}

type Answered = Extract<LineAnswer, { outcome: 'answered' }>

function answered(answer: LineAnswer): Answered {
  if (answer.outcome === 'answered') return answer
  throw new AppError('provider_unavailable', answer.detail)
}

function unavailable({ status }: Answered): AppError {
  return new AppError('provider_unavailable', `LINE answered with status ${status}.`)
}

/** Linking a LINE user to the company's own account. Source: LINE Developers, "User account linking". */
export function createAccountLink(config: LineConfig, api: LineApi): Session['accountLink'] {
  const { accountLinkUrl } = config
  if (accountLinkUrl === undefined) return undefined
  return {
    begin: async (threadKey, returnUrl, signal) => {
      if (!/^U[0-9a-f]{32}$/.test(threadKey)) return null
      const answer = await api.call({ method: 'POST', path: `/v2/bot/user/${threadKey}/linkToken`, signal })
      const linkToken = answer.outcome === 'answered' && isRecord(answer.body) ? optionalText(answer.body, 'linkToken', 200) : undefined
      if (linkToken === undefined) return null
      const url = new URL(accountLinkUrl)
      url.searchParams.set('linkToken', linkToken)
      url.searchParams.set('return', returnUrl)
      return url.href
    },
    finish: (linkToken, nonce) => {
      const url = new URL('/dialog/bot/accountLink', config.accessBaseUrl)
      url.searchParams.set('linkToken', linkToken)
      url.searchParams.set('nonce', nonce)
      return url.href
    },
  }
}
