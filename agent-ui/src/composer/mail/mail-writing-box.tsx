import { ActionIcon, Button, Checkbox } from '@mantine/core'
import type { Editor } from '@tiptap/react'
import { Paperclip, SendHorizontal } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversations.ts'
import { Failure } from '../../parts/notice.tsx'
import { fileUrl } from '../../thread/parts/media-content.tsx'
import { AttachmentChips } from '../attachment-chips.tsx'
import { type Attachment, attach } from '../attachments.ts'
import shared from '../composer.module.css'
import { fileKind, refuseFile } from '../limits.ts'
import type { ComposerModel } from '../use-composer.ts'
import { useRefusalWords } from '../use-refusal-words.ts'
import css from './mail-composer.module.css'
import { MailEditor } from './mail-editor.tsx'
import { MailFields } from './mail-fields.tsx'
import { useMailComposer } from './use-mail-composer.ts'

/** Pictures that were pasted come into the text as soon as the hub has them. */
function usePastedPictures(conversationId: string, model: ComposerModel) {
  const editor = useRef<Editor | null>(null)
  const awaited = useRef(new Set<string>())
  const { attachments } = model
  useEffect(() => {
    for (const { localId, fileId, name } of attachments) {
      if (fileId === null || !awaited.current.delete(localId)) continue
      editor.current
        ?.chain()
        .focus()
        .setImage({ src: fileUrl(fileId), alt: name })
        .run()
    }
  }, [attachments])
  const takeFiles = (files: readonly File[]) => {
    for (const file of files) {
      const picture = fileKind(file.type) === 'image' && refuseFile(file, 'reply', model.capabilities) === null
      if (picture) awaited.current.add(attach(conversationId, file))
      else model.addFiles([file])
    }
  }
  return { editor, takeFiles }
}

function Attach({ model }: { model: ComposerModel }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={shared.tools}>
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
    </div>
  )
}

/** Where an answer by mail is written: recipients, subject, rich text, pictures, files and what stands below. */
export function MailWritingBox({ conversation, model }: { conversation: Conversation; model: ComposerModel }) {
  const { t } = useTranslation()
  const refusalWords = useRefusalWords()
  const { draft, version, maySend, submit, suggestion, change } = useMailComposer(conversation, model)
  const { editor, takeFiles } = usePastedPictures(conversation.id, model)
  if (suggestion.data === undefined) {
    return suggestion.isError ? (
      <Failure error={suggestion.error} onRetry={() => void suggestion.refetch()} />
    ) : (
      <div className={css.waiting} />
    )
  }
  const { signature, answers } = suggestion.data
  return (
    <div className={shared.box}>
      <MailFields draft={draft} suggestion={suggestion.data} onChange={change} />
      <MailEditor
        key={conversation.id}
        label={t('composer.replyLabel', { name: conversation.contact.name })}
        html={draft.html}
        version={version}
        onSend={submit}
        onFiles={takeFiles}
        onEditor={(made) => {
          editor.current = made
        }}
        onChange={(html, text) => {
          change({ html })
          model.setText(text)
        }}
      />
      {draft.signature && signature !== '' && <pre className={css.signature}>{`-- \n${signature}`}</pre>}
      <AttachmentChips attachments={model.attachments satisfies readonly Attachment[]} />
      {model.refusal && (
        <p className={shared.refusal} role="alert">
          {refusalWords(model.refusal)}
        </p>
      )}
      <div className={shared.bar}>
        <Attach model={model} />
        <div className={css.options}>
          {signature !== '' && (
            <Checkbox
              size="xs"
              label={t('mailComposer.signature')}
              checked={draft.signature}
              onChange={(e) => change({ signature: e.currentTarget.checked })}
            />
          )}
          {answers !== null && (
            <Checkbox
              size="xs"
              label={t('mailComposer.quote')}
              checked={draft.quote}
              onChange={(e) => change({ quote: e.currentTarget.checked })}
            />
          )}
        </div>
        <Button rightSection={<SendHorizontal size={15} />} disabled={!maySend} onClick={submit} title={t('mailComposer.sendKey')}>
          {t('composer.send')}
        </Button>
      </div>
    </div>
  )
}
