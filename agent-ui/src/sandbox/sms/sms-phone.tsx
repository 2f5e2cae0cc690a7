import { ChevronLeft, Power } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PhoneCustomer } from '../../../../src/wire/sandbox.ts'
import { Avatar } from '../../parts/avatar.tsx'
import { usePhone, useThread } from '../api.ts'
import phone from '../phone.module.css'
import { SmsComposer } from './sms-composer.tsx'
import css from './sms-phone.module.css'
import { SmsThread } from './sms-thread.tsx'

interface SmsPhoneProps {
  /** Our number. */
  readonly accountId: string
  readonly accountName: string
  readonly customer: PhoneCustomer
  readonly onBack: () => void
}

/** A customer's phone with the messages of one of our numbers. */
export function SmsPhone({ accountId, accountName, customer, onBack }: SmsPhoneProps) {
  const { t } = useTranslation()
  const id = { accountId, customerId: customer.id }
  const { data } = useThread(id)
  const { act, sendImage } = usePhone(id)
  const shown = data?.customer ?? customer
  const off = shown.off === true
  const failure = act.error ?? sendImage.error
  return (
    <section className={phone.phone} aria-label={t('phone.label', { name: customer.name })}>
      <div className={`${phone.screen} ${css.screen}`} data-off={off}>
        <header className={phone.head}>
          <button type="button" className={phone.back} aria-label={t('phone.back')} onClick={onBack}>
            <ChevronLeft size={22} aria-hidden="true" />
          </button>
          <Avatar id={accountId} name={accountName} size={34} />
          <div className={phone.who}>
            <h2 className="cut">{accountName}</h2>
            <p className="figures">{t('sms.between', { own: shown.id.replace(/^whatsapp:/, ''), number: accountId })}</p>
          </div>
          <button
            type="button"
            className={css.power}
            aria-label={t('sms.power')}
            aria-pressed={!off}
            onClick={() => act.mutate({ act: 'power', on: off })}
          >
            <Power size={18} aria-hidden="true" />
          </button>
        </header>
        <SmsThread thread={data ?? null} accountName={accountName} />
        {failure && (
          <p className={phone.failure} role="alert">
            {t('failed', { detail: failure.message })}
          </p>
        )}
        {off && <Bar text={t('sms.offBar')} action={t('sms.on')} onAct={() => act.mutate({ act: 'power', on: true })} />}
        {!off && shown.blocked && <Bar text={t('sms.stopped')} action={t('sms.start')} onAct={() => act.mutate({ act: 'follow' })} />}
        {!off && (
          <SmsComposer
            busy={sendImage.isPending}
            onText={(text) => act.mutate({ act: 'text', text })}
            onPicture={(file) => sendImage.mutate(file)}
            onStop={shown.blocked ? null : () => act.mutate({ act: 'block' })}
          />
        )}
      </div>
    </section>
  )
}

function Bar({ text, action, onAct }: { text: string; action: string; onAct: () => void }) {
  return (
    <div className={phone.notice}>
      <p>{text}</p>
      <button type="button" onClick={onAct}>
        {action}
      </button>
    </div>
  )
}
