import { Image, MapPin, Paperclip, Plus, SendHorizontal, Smile, X } from 'lucide-react'
import { type ChangeEvent, useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type PhoneAct,
  type PhoneEntry,
  phoneFileMaxBytes,
  phoneImageMaxBytes,
  phoneImageTypes,
  phoneTextMaxChars,
} from '../../../src/wire/sandbox.ts'
import { useSendKey } from '../composer/use-send-key.ts'
import { useFormat } from '../i18n/format.ts'
import css from './composer.module.css'
import { PlaceSheet } from './place-sheet.tsx'
import { previewOf } from './preview.ts'
import { StickerSheet } from './sticker-sheet.tsx'
import { useDismiss } from './use-dismiss.ts'

interface ComposerProps {
  readonly onAct: (act: PhoneAct) => void
  readonly onImage: (file: File) => void
  readonly onFile: (file: File) => void
  /** The message that the next text quotes. */
  readonly quoted: PhoneEntry | null
  readonly onQuoted: () => void
  /** A photo is being sent. */
  readonly busy: boolean
}

/** Where the customer writes; Enter sends, except while an input method composes. */
export function Composer({ onAct, onImage, onFile, quoted, onQuoted, busy }: ComposerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState('')
  const [sheet, setSheet] = useState<'stickers' | 'more' | 'places' | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const photo = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLDivElement>(null)
  useDismiss(
    sheet !== null,
    box,
    useCallback(() => setSheet(null), []),
  )
  const send = (): void => {
    if (text.trim() === '') return
    onAct(quoted === null ? { act: 'text', text } : { act: 'text', text, quote: quoted.id })
    onQuoted()
    setText('')
  }
  const sendKey = useSendKey(send)
  const toggle = (wanted: 'stickers' | 'more'): void => setSheet(sheet === wanted ? null : wanted)
  const act = (done: PhoneAct): void => {
    setSheet(null)
    onAct(done)
  }
  const pick = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    const wrong = !phoneImageTypes.some((type) => type === file.type)
      ? t('composer.notPhoto')
      : file.size > phoneImageMaxBytes
        ? t('composer.tooLarge', { size: format.bytes(phoneImageMaxBytes) })
        : null
    setRefusal(wrong)
    if (wrong !== null) return
    setSheet(null)
    onImage(file)
  }
  return (
    <div className={css.composer} ref={box}>
      {refusal !== null && (
        <p className={css.refusal} role="alert">
          {refusal}
        </p>
      )}
      {quoted !== null && (
        <p className={css.quoted}>
          <span className="cut">{previewOf(t, { ...quoted, from: 'account' })}</span>
          <button type="button" className={css.icon} aria-label={t('composer.noQuote')} onClick={onQuoted}>
            <X size={16} aria-hidden="true" />
          </button>
        </p>
      )}
      {sheet === 'more' && (
        <div className={css.more}>
          <button type="button" disabled={busy} onClick={() => photo.current?.click()}>
            <Image size={22} aria-hidden="true" />
            {t('composer.photo')}
          </button>
          <button type="button" disabled={busy} onClick={() => file.current?.click()}>
            <Paperclip size={22} aria-hidden="true" />
            {t('composer.file')}
          </button>
          <button type="button" onClick={() => setSheet('places')}>
            <MapPin size={22} aria-hidden="true" />
            {t('composer.location')}
          </button>
        </div>
      )}
      {sheet === 'places' && <PlaceSheet onPick={act} />}
      {sheet === 'stickers' && <StickerSheet onPick={(packageId, stickerId) => act({ act: 'sticker', packageId, stickerId })} />}
      <input
        ref={file}
        type="file"
        hidden
        data-kind="any"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          event.target.value = ''
          if (!chosen) return
          const tooLarge = chosen.size > phoneFileMaxBytes
          setRefusal(tooLarge ? t('composer.tooLarge', { size: format.bytes(phoneFileMaxBytes) }) : null)
          if (tooLarge) return
          setSheet(null)
          onFile(chosen)
        }}
      />
      <input ref={photo} type="file" accept={phoneImageTypes.join(',')} hidden onChange={pick} />
      <div className={css.row}>
        <button
          type="button"
          className={css.icon}
          aria-label={t('composer.plus')}
          aria-expanded={sheet === 'more'}
          onClick={() => toggle('more')}
        >
          <Plus size={22} aria-hidden="true" />
        </button>
        <div className={css.field}>
          <textarea
            rows={1}
            aria-label={t('composer.placeholder')}
            placeholder={t('composer.placeholder')}
            maxLength={phoneTextMaxChars}
            value={text}
            onChange={(event) => setText(event.target.value)}
            {...sendKey}
          />
          <button
            type="button"
            className={css.icon}
            aria-label={t('composer.stickers')}
            aria-expanded={sheet === 'stickers'}
            onClick={() => toggle('stickers')}
          >
            <Smile size={20} aria-hidden="true" />
          </button>
        </div>
        <button type="button" className={css.send} aria-label={t('composer.send')} disabled={text.trim() === ''} onClick={send}>
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      </div>
    </div>
  )
}
