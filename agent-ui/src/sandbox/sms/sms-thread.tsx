import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneEntry, PhoneThread } from '../../../../src/wire/sandbox.ts'
import { useFormat } from '../../i18n/format.ts'
import { Bubble } from '../bubble.tsx'
import css from './sms-phone.module.css'

const never = (): void => undefined

/** The messages between the customer and one of our numbers, each of ours with what the network says of it. */
export function SmsThread({ thread, accountName }: { thread: PhoneThread | null; accountName: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const entries = thread?.entries ?? []
  const newest = entries.at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs because something newer has come.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [newest?.id, newest?.state])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <div ref={box} className={css.log} role="log" aria-label={t('phone.messages')} tabIndex={0}>
      {thread && entries.length === 0 && <p className={css.empty}>{t('sms.say', { account: accountName })}</p>}
      {entries.map((entry) => (
        <article key={entry.id} className={css.line} data-from={entry.from}>
          <Bubble bubble={entry.bubble} own={entry.from === 'customer'} onAct={never} />
          <p className={css.facts}>
            <time className="figures" dateTime={new Date(entry.at).toISOString()}>
              {format.dateTime(entry.at, Date.now())}
            </time>
            <State entry={entry} />
          </p>
        </article>
      ))}
    </div>
  )
}

function State({ entry }: { entry: PhoneEntry }) {
  const { t } = useTranslation()
  if (entry.delivery === 'waiting') return <span>{t('phone.waiting')}</span>
  if (entry.delivery === 'failed') return <span className={css.bad}>{t('phone.notTaken')}</span>
  if (entry.state === undefined) return null
  const bad = entry.state === 'undelivered' || entry.state === 'failed'
  return (
    <span className={bad ? css.bad : undefined}>
      {t(`sms.state.${entry.state}`)}
      {entry.errorCode !== undefined && ` (${entry.errorCode})`}
    </span>
  )
}
