import { Image, SendHorizontal } from 'lucide-react'
import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { phoneImageMaxBytes, phoneImageTypes } from '../../../../src/wire/sandbox.ts'
import { smsSegments } from '../../../../src/wire/sms-segments.ts'
import { useSendKey } from '../../composer/use-send-key.ts'
import { useFormat } from '../../i18n/format.ts'
import composer from '../composer.module.css'
import css from './sms-phone.module.css'

/** Longest text of one message. */
const textMaxChars = 1_600

interface SmsComposerProps {
  readonly busy: boolean
  readonly onText: (text: string) => void
  readonly onPicture: (file: File) => void
  /** Null where the customer has stopped messages already. */
  readonly onStop: (() => void) | null
}

/** Where the customer writes; Enter sends, except while an input method composes. */
export function SmsComposer({ busy, onText, onPicture, onStop }: SmsComposerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const picture = useRef<HTMLInputElement>(null)
  const send = (): void => {
    if (text.trim() === '') return
    onText(text)
    setText('')
  }
  const sendKey = useSendKey(send)
  const pick = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    const known = phoneImageTypes.some((type) => type === file.type)
    const wrong = !known
      ? t('composer.notPhoto')
      : file.size > phoneImageMaxBytes
        ? t('composer.tooLarge', { size: format.bytes(phoneImageMaxBytes) })
        : null
    setRefusal(wrong)
    if (wrong === null) onPicture(file)
  }
  const { count } = smsSegments(text.trim())
  return (
    <div className={composer.composer}>
      {refusal !== null && (
        <p className={composer.refusal} role="alert">
          {refusal}
        </p>
      )}
      <input ref={picture} type="file" accept={phoneImageTypes.join(',')} hidden onChange={pick} />
      <div className={composer.row}>
        <button
          type="button"
          className={composer.icon}
          aria-label={t('composer.photo')}
          disabled={busy}
          onClick={() => picture.current?.click()}
        >
          <Image size={20} aria-hidden="true" />
        </button>
        <div className={composer.field}>
          <textarea
            rows={1}
            aria-label={t('sms.write')}
            placeholder={t('sms.write')}
            maxLength={textMaxChars}
            value={text}
            onChange={(event) => setText(event.target.value)}
            {...sendKey}
          />
          {count > 1 && <span className={css.count}>{t('sms.count', { count })}</span>}
        </div>
        <button type="button" className={composer.send} aria-label={t('composer.send')} disabled={text.trim() === ''} onClick={send}>
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      </div>
      {onStop !== null && (
        <button type="button" className={css.stop} onClick={onStop}>
          {t('sms.stop')}
        </button>
      )}
    </div>
  )
}
