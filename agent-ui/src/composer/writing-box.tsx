import { ActionIcon, Button } from '@mantine/core'
import { Paperclip, SendHorizontal } from 'lucide-react'
import { type ClipboardEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { usePreferences } from '../app/preferences.ts'
import { useFormat } from '../i18n/format.ts'
import { tellTyping } from '../live/acts.ts'
import { browserNow } from '../live/clock.ts'
import { useKnownContact } from '../live/use-things.ts'
import { AttachmentChips } from './attachment-chips.tsx'
import css from './composer.module.css'
import type { Mode } from './drafts.ts'
import { maxCharsFor } from './limits.ts'
import { LocationButton } from './location-button.tsx'
import { EmojiButton, MentionButton } from './mark-buttons.tsx'
import { PriceLine } from './price-line.tsx'
import { QuoteChip } from './quote-chip.tsx'
import { RichButton } from './rich-button.tsx'
import { SegmentCount } from './segment-count.tsx'
import { StickerPicker } from './sticker-picker.tsx'
import type { ComposerModel } from './use-composer.ts'
import { useRefusalWords } from './use-refusal-words.ts'
import { useSendKey } from './use-send-key.ts'

const typingEveryMs = 3_000
const nearLimit = 0.9

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

function Tools({ model, conversation }: { model: ComposerModel; conversation: Conversation }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const reply = model.mode === 'reply'
  const group = useKnownContact(conversation.contact.id)?.points.some(({ kind }) => kind === 'line_group' || kind === 'line_room') === true
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
      {reply && model.capabilities?.emoji && <EmojiButton onPick={model.addMark} />}
      {reply && model.capabilities?.mentions && group && <MentionButton conversationId={conversation.id} onPick={model.addMark} />}
      {reply && model.capabilities && ((model.capabilities.cards?.length ?? 0) > 0 || (model.capabilities.quickReplies ?? 0) > 0) && (
        <RichButton capabilities={model.capabilities} onSend={model.sendParts} />
      )}
    </div>
  )
}

function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const el = area.current
    if (el === null) return
    el.style.height = 'auto'
    if (text !== '') el.style.height = `${el.scrollHeight}px`
  }, [area, text])
}

function useTypingSignal(conversationId: string, mode: Mode): (text: string) => void {
  const told = useRef(0)
  return (text) => {
    const now = browserNow()
    if (text === '' || now - told.current < typingEveryMs) return
    told.current = now
    tellTyping(conversationId, mode)
  }
}

function Foot({ model, conversation }: { model: ComposerModel; conversation: Conversation }) {
  const { t } = useTranslation()
  const note = model.mode === 'note'
  return (
    <div className={css.bar}>
      <Tools model={model} conversation={conversation} />
      <SegmentCount model={model} />
      <Counter model={model} />
      <Button
        rightSection={<SendHorizontal size={15} />}
        disabled={!model.maySend}
        onClick={model.submit}
        color={note ? 'gray' : undefined}
      >
        {note ? t('composer.addNote') : t('composer.send')}
      </Button>
    </div>
  )
}

/** The field itself with what hangs on it: files, length, the ways to send. */
export function WritingBox(props: { conversation: Conversation; model: ComposerModel; area: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation()
  const { conversation, model, area } = props
  const refusalWords = useRefusalWords()
  const keys = useSendKey(
    model.submit,
    usePreferences((p) => p.sendKey),
  )
  const typing = useTypingSignal(conversation.id, model.mode)
  useGrowing(area, model.text)
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    model.addFiles([...event.clipboardData.files])
  }
  const label = model.mode === 'note' ? t('composer.noteLabel') : t('composer.replyLabel', { name: conversation.contact.name })
  return (
    <div className={css.box}>
      {model.mode === 'reply' && <QuoteChip conversationId={conversation.id} />}
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
      <Foot model={model} conversation={conversation} />
      {model.mode === 'reply' && <PriceLine conversation={conversation} />}
    </div>
  )
}
