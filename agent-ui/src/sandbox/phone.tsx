import { BadgeCheck, BatteryFull, ChevronLeft, Ellipsis, Signal, Wifi } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneCustomer, PhoneEntry } from '../../../src/wire/sandbox.ts'
import { useFormat } from '../i18n/format.ts'
import { useNow } from '../live/use-now.ts'
import { Avatar } from '../parts/avatar.tsx'
import { usePhone, useThread } from './api.ts'
import { QuickReplies } from './card.tsx'
import { Composer } from './composer.tsx'
import css from './phone.module.css'
import { Thread } from './thread.tsx'
import { useDismiss } from './use-dismiss.ts'

interface PhoneProps {
  readonly accountId: string
  readonly accountName: string
  readonly customer: PhoneCustomer
  readonly onBack: () => void
}

/** A customer's phone with the chat of one official account. */
export function Phone({ accountId, accountName, customer, onBack }: PhoneProps) {
  const { t } = useTranslation()
  const id = { accountId, customerId: customer.id }
  const { data } = useThread(id)
  const phone = usePhone(id)
  const shown = data?.customer ?? customer
  const follow = (): void => phone.act.mutate({ act: 'follow' })
  const [quoted, setQuoted] = useState<PhoneEntry | null>(null)
  const failure = phone.act.error ?? phone.sendImage.error ?? phone.sendFile.error
  return (
    <section className={css.phone} aria-label={t('phone.label', { name: customer.name })}>
      <div className={css.screen}>
        <StatusBar name={customer.name} />
        <Head
          accountId={accountId}
          accountName={accountName}
          customer={shown}
          onBack={onBack}
          onBlock={() => phone.act.mutate({ act: 'block' })}
          onFollow={follow}
        />
        <Thread
          thread={data ?? null}
          accountId={accountId}
          accountName={accountName}
          onUnsend={(messageId) => phone.act.mutate({ act: 'unsend', messageId })}
          onQuote={setQuoted}
          onAct={(act) => phone.act.mutate(act)}
        />
        {failure && (
          <p className={css.failure} role="alert">
            {t('failed', { detail: failure.message })}
          </p>
        )}
        {shown.blocked ? (
          <Bar text={t('phone.blockedBar')} action={t('phone.unblock')} onAct={follow} />
        ) : (
          <>
            {!shown.friend && <Bar text={t('phone.strangerBar')} action={t('phone.follow')} onAct={follow} />}
            <QuickReplies replies={data?.entries.at(-1)?.quickReplies ?? []} onAct={(act) => phone.act.mutate(act)} />
            <Composer
              quoted={quoted}
              onQuoted={() => setQuoted(null)}
              onAct={(act) => phone.act.mutate(act)}
              onFile={(file) => phone.sendFile.mutate(file)}
              onImage={(file) => phone.sendImage.mutate(file)}
              busy={phone.sendImage.isPending || phone.sendFile.isPending}
            />
          </>
        )}
      </div>
    </section>
  )
}

function StatusBar({ name }: { name: string }) {
  const format = useFormat()
  const now = useNow()
  return (
    <div className={css.status} aria-hidden="true">
      <span className="figures">{format.time(now)}</span>
      <span className="cut">{name}</span>
      <span className={css.signs}>
        <Signal size={13} />
        <Wifi size={13} />
        <BatteryFull size={16} />
      </span>
    </div>
  )
}

interface HeadProps {
  readonly accountId: string
  readonly accountName: string
  readonly customer: PhoneCustomer
  readonly onBack: () => void
  readonly onBlock: () => void
  readonly onFollow: () => void
}

function Head({ accountId, accountName, customer, onBack, onBlock, onFollow }: HeadProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const menu = useRef<HTMLDivElement>(null)
  useDismiss(
    open,
    menu,
    useCallback(() => setOpen(false), []),
  )
  const act = (): void => {
    setOpen(false)
    if (customer.blocked || !customer.friend) onFollow()
    else onBlock()
  }
  const label = customer.blocked ? t('phone.unblock') : customer.friend ? t('phone.block') : t('phone.follow')
  return (
    <header className={css.head}>
      <button type="button" className={css.back} aria-label={t('phone.back')} onClick={onBack}>
        <ChevronLeft size={22} aria-hidden="true" />
      </button>
      <Avatar id={accountId} name={accountName} size={34} />
      <div className={css.who}>
        <h2 className="cut">{accountName}</h2>
        <p>
          <BadgeCheck size={12} aria-hidden="true" />
          {t('phone.official')}
        </p>
      </div>
      <div className={css.menu} ref={menu}>
        <button type="button" className={css.icon} aria-label={t('phone.menu')} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Ellipsis size={20} aria-hidden="true" />
        </button>
        {open && (
          <button type="button" className={css.choice} onClick={act}>
            {label}
          </button>
        )}
      </div>
    </header>
  )
}

function Bar({ text, action, onAct }: { text: string; action: string; onAct: () => void }) {
  return (
    <div className={css.notice}>
      <p>{text}</p>
      <button type="button" onClick={onAct}>
        {action}
      </button>
    </div>
  )
}
