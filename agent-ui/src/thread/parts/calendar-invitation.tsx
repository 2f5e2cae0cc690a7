import { CalendarDays } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CalendarPart } from '../../../../src/wire/mail.ts'
import css from './parts.module.css'

/** A meeting somebody was invited to, answered or called off. */
export function CalendarInvitation({ part }: { part: CalendarPart }) {
  const { t, i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language, part.allDay ? { dateStyle: 'full' } : { dateStyle: 'full', timeStyle: 'short' })
  const { startsAt, endsAt } = part
  const when = startsAt === null ? null : endsAt === null ? format.format(startsAt) : format.formatRange(startsAt, endsAt)
  return (
    <p className={css.choice}>
      <CalendarDays size={15} aria-hidden="true" />
      <span>
        {t(`part.calendar.${part.method}`, { title: part.summary })}
        {when === null ? null : ` · ${when}`}
        {part.location === null ? null : ` · ${part.location}`}
      </span>
    </p>
  )
}
