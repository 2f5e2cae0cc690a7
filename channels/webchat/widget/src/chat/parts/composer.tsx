import { useEffect, useRef } from 'preact/hooks'
import { useChat, useChatState } from '../context.ts'
import { isSafari, isSendKey } from '../model/send-key.ts'
import { Chips } from './chips.tsx'
import { Icon } from './icons.tsx'
import { type Attachments, useAttachments } from './use-attachments.ts'
import { useDraft } from './use-draft.ts'
import { useDrop } from './use-drop.ts'

/** The server's limit, UTF-16 code units; the last stretch before it is counted. */
const maxChars = 10_000
const countedChars = 500

/** Where the visitor writes. */
export function Composer({ shown }: { shown: boolean }) {
  const { client, language } = useChat()
  const [text, setText] = useDraft()
  const attachments = useAttachments()
  const field = useRef<HTMLTextAreaElement>(null)
  const dropping = useDrop(attachments.add)
  const refused = useChatState((state) => state.link === 'refused')
  const over = text.length - maxChars
  const ready = !attachments.uploading && over <= 0 && (text.trim() !== '' || attachments.list.length > 0)

  useEffect(() => {
    if (shown && matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [shown])
  useEffect(() => fit(field.current), [text])
  const send = () => {
    if (!ready) return
    client.send(text, attachments.take())
    setText('')
    field.current?.focus()
  }
  return (
    <form
      class={dropping ? 'composer dropping' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Chips attachments={attachments} />
      {attachments.problem !== null && (
        <p class="problem" role="alert">
          {attachments.problem}
        </p>
      )}
      <div class="field">
        <AttachButton attachments={attachments} />
        <Field field={field} text={text} over={over} disabled={refused} attachments={attachments} onText={setText} onSend={send} />
        <button type="submit" class="send" aria-label={language.text('send')} title={language.text('send')} disabled={!ready || refused}>
          <Icon name="send" />
        </button>
      </div>
      <p class="count" id="count" aria-live="polite">
        {over > -countedChars && (over > 0 ? language.text('tooLong', { count: over }) : language.text('charsLeft', { count: -over }))}
      </p>
      {dropping && <div class="drop-hint">{language.text('dropHere')}</div>}
    </form>
  )
}

interface FieldProps {
  readonly field: { current: HTMLTextAreaElement | null }
  readonly text: string
  readonly over: number
  readonly disabled: boolean
  readonly attachments: Attachments
  onText(text: string): void
  onSend(): void
}

function Field({ field, text, over, disabled, attachments, onText, onSend }: FieldProps) {
  const { client, language } = useChat()
  const composedAt = useRef(-Infinity)
  const safari = useRef(isSafari(navigator.userAgent))
  return (
    <textarea
      ref={field}
      rows={1}
      value={text}
      disabled={disabled}
      placeholder={language.text('placeholder')}
      aria-label={language.text('message')}
      aria-describedby="count"
      aria-invalid={over > 0}
      enterkeyhint="send"
      autoComplete="off"
      onInput={(event) => {
        onText(event.currentTarget.value)
        client.typing()
      }}
      onCompositionEnd={(event) => {
        composedAt.current = event.timeStamp
      }}
      onKeyDown={(event) => {
        if (!isSendKey(event, event.timeStamp - composedAt.current, safari.current)) return
        event.preventDefault()
        onSend()
      }}
      onPaste={(event) => {
        const files = event.clipboardData?.files
        if (files === undefined || files.length === 0) return
        event.preventDefault()
        attachments.add(files)
      }}
    />
  )
}

function AttachButton({ attachments }: { attachments: Attachments }) {
  const { language } = useChat()
  const input = useRef<HTMLInputElement>(null)
  const takesFiles = useChatState((state) => (state.inbox?.maxFileBytes ?? 0) > 0)
  if (!takesFiles) return null
  const label = language.text('attach')
  return (
    <>
      <button type="button" class="quiet" aria-label={label} title={label} onClick={() => input.current?.click()}>
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          attachments.add(event.currentTarget.files ?? [])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

/** The field grows with its text, up to what the style allows. */
function fit(field: HTMLTextAreaElement | null): void {
  if (field === null) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
