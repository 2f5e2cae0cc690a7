import { AlarmClock, AlarmClockOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useFormat } from '../i18n/format.ts'
import { Chip } from './chip.tsx'

const soonMs = 5 * 60_000

/** How the first answer stands against its deadline; nothing once it was given in time, or where none is due. */
export function SlaChip({ conversation, now }: { conversation: Conversation; now: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { slaDueAt, slaBreachedAt, firstResponseAt, status } = conversation
  const late = slaBreachedAt ?? (slaDueAt !== null && firstResponseAt === null && slaDueAt <= now ? slaDueAt : null)
  if (late !== null) {
    const answered = firstResponseAt !== null || status === 'resolved'
    return (
      <Chip tone="bad" icon={<AlarmClockOff size={12} aria-hidden="true" />} title={t('sla.breachedTitle')}>
        {answered ? t('sla.breached') : t('sla.late', { span: format.span(now - (slaDueAt ?? late)) })}
      </Chip>
    )
  }
  if (slaDueAt === null || firstResponseAt !== null || status === 'resolved') return null
  return (
    <Chip tone={slaDueAt - now < soonMs ? 'warn' : 'plain'} icon={<AlarmClock size={12} aria-hidden="true" />} title={t('sla.dueTitle')}>
      {t('sla.due', { span: format.span(slaDueAt - now) })}
    </Chip>
  )
}
