import { useMutation } from '@tanstack/react-query'
import { Ban, Check, CheckCheck, CircleAlert, CircleHelp, Clock3 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../src/wire/messages.ts'
import type { OutboxStatus } from '../../../src/wire/words.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { approveMessage, retryMessage } from '../live/acts.ts'
import { useMay } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import { deliveryOf } from './delivery-of.ts'
import css from './thread.module.css'

const UndoSend = lazy(async () => ({ default: (await import('./mail/undo-send.tsx')).UndoSend }))

const icons: Readonly<Record<OutboxStatus, typeof Check>> = {
  queued: Clock3,
  sending: Clock3,
  accepted: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
  unconfirmed: CircleHelp,
  cancelled: Ban,
}

function Reason({ message }: { message: Message }) {
  const { t, i18n } = useTranslation()
  const error = message.delivery?.error
  if (!error) return null
  const own = t(`sendError.${error.code}`, { defaultValue: '' }) || (i18n.language === 'en' ? error.detail : t('sendError.other'))
  return (
    <span className={css.reason}>
      {own}
      {error.provider && (
        <span className={css.providerWords}>{t('delivery.provider', { code: error.provider.code, message: error.provider.message })}</span>
      )}
    </span>
  )
}

/** Sends a failed or unconfirmed message once more; an unconfirmed one may then arrive twice, and says so. */
function SendAgain({ message, unconfirmed }: { message: Message; unconfirmed: boolean }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const retry = useMutation({ mutationFn: () => retryMessage(message), onError: (error) => tellFailure(sentence(error)) })
  return (
    <button type="button" className={css.retry} disabled={retry.isPending} onClick={() => retry.mutate()}>
      {unconfirmed ? t('delivery.sendAgain') : t('delivery.retry')}
    </button>
  )
}

/** Codes of what waits although it could be sent. */
const heldCodes: readonly string[] = ['needs_approval', 'deferred']

/** Allows what the message costs. */
function Approve({ message }: { message: Message }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const approve = useMutation({ mutationFn: () => approveMessage(message), onError: (error) => tellFailure(sentence(error)) })
  return (
    <button type="button" className={css.retry} disabled={approve.isPending} onClick={() => approve.mutate()}>
      {t('delivery.approve')}
    </button>
  )
}

/** Where an outgoing message stands; in words when it needs somebody, or is the newest. */
export function DeliveryState(props: { message: Message; customerReadCount: number; inWords: boolean; mayRetry: boolean }) {
  const { t } = useTranslation()
  const { message, mayRetry } = props
  const mayApprove = useMay('message.approve')
  const status = deliveryOf(message, props.customerReadCount)
  if (status === null) return null
  const Icon = icons[status]
  const bad = status === 'failed' || status === 'unconfirmed'
  const held = status === 'queued' && heldCodes.includes(message.delivery?.error?.code ?? '')
  return (
    <span className={css.delivery} data-status={status}>
      <Icon size={13} aria-hidden="true" />
      <span className={props.inWords || bad || status === 'cancelled' ? undefined : 'visually-hidden'}>{t(`delivery.${status}`)}</span>
      {(bad || message.delivery?.error?.code === 'partly_refused') && <Reason message={message} />}
      {held && <Reason message={message} />}
      {held && message.delivery?.error?.code === 'needs_approval' && mayApprove && <Approve message={message} />}
      {status === 'queued' && message.mail !== null && mayRetry && (
        <Suspense>
          <UndoSend message={message} />
        </Suspense>
      )}
      {bad && mayRetry && <SendAgain message={message} unconfirmed={status === 'unconfirmed'} />}
    </span>
  )
}
