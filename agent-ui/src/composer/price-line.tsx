import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useFormat } from '../i18n/format.ts'
import { serverNow } from '../live/clock.ts'
import { useNow } from '../live/use-now.ts'
import { useInbox } from '../live/use-things.ts'
import css from './composer.module.css'

/** What the next reply costs, before it is sent: nothing while the customer has just written, otherwise one of the month's messages. */
export function PriceLine({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const format = useFormat()
  useNow(1_000)
  const inbox = useInbox(conversation.inboxId)
  if (inbox?.capabilities.metered !== true) return null
  const leftMs = (conversation.freeUntil ?? 0) - serverNow()
  if (leftMs > 0) {
    return (
      <p className={css.price} data-level="free">
        {t('price.free', { count: Math.ceil(leftMs / 1_000) })}
      </p>
    )
  }
  const quota = inbox.quota ?? null
  if (quota === null || quota.left === null) {
    return (
      <p className={css.price} data-level="ok">
        {t('price.counted')}
      </p>
    )
  }
  const short = quota.level === 'low' || quota.level === 'exhausted'
  return (
    <p className={css.price} data-level={quota.level}>
      {t('price.left', { left: format.number(quota.left), limit: format.number(quota.limit ?? 0) })}
      {quota.exhaustedAt !== null && quota.left > 0 && ` ${t('price.until', { at: format.dateTime(quota.exhaustedAt, serverNow()) })}`}
      {short && ` ${t(`price.low.${quota.whenLow}`)}`}
    </p>
  )
}
