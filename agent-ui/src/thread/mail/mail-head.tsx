import { ChevronDown, CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailHead as Head, MailAddress } from '../../../../src/wire/mail.ts'
import css from './mail.module.css'

function nameOf({ address, name }: MailAddress): string {
  return name === null || name === '' ? address : name
}

function Line({ label, addresses }: { label: string; addresses: readonly MailAddress[] }) {
  if (addresses.length === 0) return null
  return (
    <div className={css.line}>
      <dt>{label}</dt>
      <dd>
        {addresses.map(({ address, name }) => (
          <span key={address} className={css.address}>
            {name !== null && name !== '' && <bdi>{name}</bdi>}
            <bdi className={css.plain}>{address}</bdi>
          </span>
        ))}
      </dd>
    </div>
  )
}

/** Subject and addresses of a mail, and what its reader must know of it. */
export function MailHead({ head }: { head: Head }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const others = [...head.to, ...head.cc, ...head.bcc]
  return (
    <header className={css.head}>
      <p className={css.subject}>{head.subject === '' ? t('mail.noSubject') : head.subject}</p>
      <button type="button" className={css.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="cut">{t('mail.to', { names: others.map(nameOf).join(', ') })}</span>
        <ChevronDown size={13} aria-hidden="true" />
      </button>
      {open && (
        <dl className={css.lines}>
          <Line label={t('mail.from')} addresses={head.from === null ? [] : [head.from]} />
          <Line label={t('mail.replyTo')} addresses={head.replyTo} />
          <Line label={t('mail.toLabel')} addresses={head.to} />
          <Line label={t('mail.cc')} addresses={head.cc} />
          <Line label={t('mail.bcc')} addresses={head.bcc} />
        </dl>
      )}
      {head.automatic !== null && <p className={css.automatic}>{t(`mail.automatic.${head.automatic}`)}</p>}
      {head.notices.map((notice) => (
        <p key={notice} className={css.notice} data-grave={notice === 'sender_unproven' || notice === 'several_from' || undefined}>
          <CircleAlert size={13} aria-hidden="true" />
          {t(`mail.notice.${notice}`)}
        </p>
      ))}
    </header>
  )
}
