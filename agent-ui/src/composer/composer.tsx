import { ActionIcon, Button } from '@mantine/core'
import { NotebookPen, Paperclip, Reply, SendHorizontal } from 'lucide-react'
import { type ClipboardEvent, type DragEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { usePreferences } from '../app/preferences.ts'
import { useFormat } from '../i18n/format.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { tellTyping } from '../live/acts.ts'
import { browserNow } from '../live/clock.ts'
import { tellFailure } from '../parts/toast.tsx'
import { AttachmentChips } from './attachment-chips.tsx'
import { ClosedNotice } from './closed-notice.tsx'
import css from './composer.module.css'
import type { Mode } from './drafts.ts'
import { maxCharsFor, type Refusal } from './limits.ts'
import { LocationButton } from './location-button.tsx'
import { SendKeyHint } from './send-key-hint.tsx'
import { StickerPicker } from './sticker-picker.tsx'
import { useComposer } from './use-composer.ts'
import { useComposerFocus } from './use-composer-focus.ts'
import { useSendKey } from './use-send-key.ts'

const typingEveryMs = 3_000
const nearLimit = 0.9

type ComposerModel = ReturnType<typeof useComposer>

function useRefusalWords(): (refusal: Refusal) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return ({ code, values }) => {
    const size = typeof values['bytes'] === 'number' ? { size: format.bytes(values['bytes']) } : {}
    const max = typeof values['max'] === 'number' ? { max: format.number(values['max']) } : {}
    return t(`refusal.${code}`, { ...values, ...size, ...max })
  }
}

function ModeTabs({ model, onMode }: { model: ComposerModel; onMode: (mode: Mode) => void }) {
  const { t } = useTranslation()
  const modes = [
    { mode: 'reply', icon: <Reply size={14} aria-hidden="true" /> },
    { mode: 'note', icon: <NotebookPen size={14} aria-hidden="true" /> },
  ] as const
  if (!model.mayNote) return null
  return (
    <fieldset className={css.modes} aria-label={t('composer.modes')}>
      {modes.map(({ mode, icon }) => (
        <button type="button" key={mode} aria-pressed={model.mode === mode} data-mode={mode} onClick={() => onMode(mode)}>
          {icon}
          {t(`composer.${mode}`)}
        </button>
      ))}
    </fieldset>
  )
}

function Counter({ model }: { model: ComposerModel }) {
  const { t } = useTranslation()
  const format = useFormat()
  const max = maxCharsFor(model.mode, model.capabilities)
  if (max === null || model.text.length < max * nearLimit) return null
  return (
    <span className={css.counter} data-over={model.text.length > max || undefined}>
      {t('composer.count', { used: format.number(model.text.length), max: format.number(max) })}
    </span>
  )
}

function Tools({ model }: { model: ComposerModel }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const reply = model.mode === 'reply'
  const takesFiles = !reply || (model.capabilities?.media.length ?? 0) > 0
  return (
    <div className={css.tools}>
      {takesFiles && (
        <>
          <ActionIcon aria-label={t('attach.open')} onClick={() => input.current?.click()}>
            <Paperclip size={18} />
          </ActionIcon>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            onChange={(e) => {
              model.addFiles([...(e.currentTarget.files ?? [])])
              e.currentTarget.value = ''
            }}
          />
        </>
      )}
      {reply && model.capabilities?.stickers && <StickerPicker onChoose={model.sendSticker} />}
      {reply && model.capabilities?.location && <LocationButton onSend={model.sendLocation} />}
    </div>
  )
}

function useGrowing(text: string) {
  const area = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const el = area.current
    if (el === null) return
    el.style.height = 'auto'
    if (text !== '') el.style.height = `${el.scrollHeight}px`
  }, [text])
  return area
}

function useTypingSignal(conversationId: string, mode: Mode): (text: string) => void {
  const told = useRef(0)
  return (text) => {
    const now = browserNow()
    if (mode !== 'reply' || text === '' || now - told.current < typingEveryMs) return
    told.current = now
    tellTyping(conversationId)
  }
}

/** Where a reply or a note is written. Enter while an input method composes never sends. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const refusalWords = useRefusalWords()
  const model = useComposer(conversation, (refusal) => tellFailure(refusalWords(refusal)))
  const sendKey = usePreferences((p) => p.sendKey)
  const keys = useSendKey(model.submit, sendKey)
  const area = useGrowing(model.text)
  const typing = useTypingSignal(conversation.id, model.mode)
  const [dropping, setDropping] = useState(false)
  const [focusNext, setFocusNext] = useState(0)
  const turnTo = (mode: Mode) => {
    model.setMode(mode)
    setFocusNext((n) => n + 1)
  }
  useEffect(() => {
    if (focusNext > 0) area.current?.focus()
  }, [focusNext, area])
  const wanted = useComposerFocus((f) => f.conversationId === conversation.id)
  useEffect(() => {
    if (!wanted || !model.writable || area.current === null) return
    area.current.focus()
    useComposerFocus.getState().done()
  }, [wanted, model.writable, area])
  useShortcuts({ KeyR: () => turnTo('reply'), ...(model.mayNote ? { KeyN: () => turnTo('note') } : {}) })
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    model.addFiles([...event.clipboardData.files])
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setDropping(false)
    if (model.writable) model.addFiles([...event.dataTransfer.files])
  }
  const label = model.mode === 'note' ? t('composer.noteLabel') : t('composer.replyLabel', { name: conversation.contact.name })
  return (
    <section
      className={css.composer}
      aria-label={t('composer.label')}
      data-mode={model.mode}
      data-dropping={dropping || undefined}
      onDragOver={(e) => {
        e.preventDefault()
        setDropping(e.dataTransfer.types.includes('Files'))
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      <ModeTabs model={model} onMode={turnTo} />
      {!model.writable && model.closed !== null ? (
        <ClosedNotice conversation={conversation} closed={model.closed} />
      ) : (
        <div className={css.box}>
          <textarea
            ref={area}
            className={css.area}
            rows={2}
            value={model.text}
            placeholder={label}
            aria-label={label}
            aria-invalid={model.refusal !== null || undefined}
            aria-describedby={model.refusal ? 'composer-refusal' : undefined}
            onChange={(e) => {
              model.setText(e.currentTarget.value)
              typing(e.currentTarget.value)
            }}
            onPaste={paste}
            {...keys}
          />
          <AttachmentChips attachments={model.attachments} />
          {model.refusal && (
            <p id="composer-refusal" className={css.refusal} role="alert">
              {refusalWords(model.refusal)}
            </p>
          )}
          <div className={css.bar}>
            <Tools model={model} />
            <Counter model={model} />
            <Button
              rightSection={<SendHorizontal size={15} />}
              disabled={!model.maySend}
              onClick={model.submit}
              color={model.mode === 'note' ? 'gray' : undefined}
            >
              {model.mode === 'note' ? t('composer.addNote') : t('composer.send')}
            </Button>
          </div>
        </div>
      )}
      {model.writable && <SendKeyHint />}
    </section>
  )
}
