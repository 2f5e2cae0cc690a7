import { NotebookPen, Reply } from 'lucide-react'
import { type DragEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { tellFailure } from '../parts/toast.tsx'
import { ClosedNotice } from './closed-notice.tsx'
import css from './composer.module.css'
import type { Mode } from './drafts.ts'
import { SendKeyHint } from './send-key-hint.tsx'
import { type ComposerModel, useComposer } from './use-composer.ts'
import { useComposerFocus } from './use-composer-focus.ts'
import { useRefusalWords } from './use-refusal-words.ts'
import { WritingBox } from './writing-box.tsx'

const MailWritingBox = lazy(async () => ({ default: (await import('./mail/mail-writing-box.tsx')).MailWritingBox }))

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

/** Turns between reply and note with the focus following, by press, by key, and after an offer was accepted. */
function useTurning(model: ComposerModel, conversationId: string, area: RefObject<HTMLTextAreaElement | null>): (mode: Mode) => void {
  const [turns, setTurns] = useState(0)
  const turnTo = (mode: Mode) => {
    model.setMode(mode)
    setTurns((n) => n + 1)
  }
  useEffect(() => {
    if (turns > 0) area.current?.focus()
  }, [turns, area])
  const wanted = useComposerFocus((f) => f.conversationId === conversationId)
  useEffect(() => {
    if (!wanted || !model.writable || area.current === null) return
    area.current.focus()
    useComposerFocus.getState().done()
  }, [wanted, model.writable, area])
  useShortcuts({ KeyR: () => turnTo('reply'), ...(model.mayNote ? { KeyN: () => turnTo('note') } : {}) })
  return turnTo
}

function useDropping(model: ComposerModel) {
  const [dropping, setDropping] = useState(false)
  return {
    'data-dropping': dropping || undefined,
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setDropping(event.dataTransfer.types.includes('Files'))
    },
    onDragLeave: () => setDropping(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setDropping(false)
      if (model.writable) model.addFiles([...event.dataTransfer.files])
    },
  }
}

/** Where a reply or a note is written. Enter while an input method composes never sends. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const refusalWords = useRefusalWords()
  const model = useComposer(conversation, (refusal) => tellFailure(refusalWords(refusal)))
  const area = useRef<HTMLTextAreaElement>(null)
  const turnTo = useTurning(model, conversation.id, area)
  const dropping = useDropping(model)
  const mail = model.mode === 'reply' && model.capabilities?.mail === true
  return (
    <section className={css.composer} aria-label={t('composer.label')} data-mode={model.mode} {...dropping}>
      <ModeTabs model={model} onMode={turnTo} />
      {!model.writable && model.closed !== null ? (
        <ClosedNotice conversation={conversation} closed={model.closed} />
      ) : mail ? (
        <Suspense>
          <MailWritingBox conversation={conversation} model={model} />
        </Suspense>
      ) : (
        <WritingBox conversation={conversation} model={model} area={area} />
      )}
      {model.writable && !mail && <SendKeyHint />}
    </section>
  )
}
