import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/messages.ts'
import { restore } from '../../composer/attachments.ts'
import { useDrafts } from '../../composer/drafts.ts'
import { emptyMailDraft, useMailDrafts, writeAddress } from '../../composer/mail/mail-drafts.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import { cancelMessage } from '../../live/acts.ts'
import { tellFailure } from '../../parts/toast.tsx'
import css from '../thread.module.css'

/** Puts a cancelled mail back where it was written; what the tab no longer knows of it comes from the message. */
function goOn(message: Message): void {
  const { conversationId, clientId, mail, parts } = message
  const drafts = useMailDrafts.getState()
  const kept = clientId === null ? undefined : drafts.sent[clientId]
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text.slice(0, part.foldFrom)] : [])).join('\n')
  const page = document.createElement('div')
  for (const line of text.split('\n')) {
    const p = document.createElement('p')
    p.textContent = line
    page.append(p)
  }
  const head =
    mail === null
      ? {}
      : { subject: mail.subject, to: mail.to.map(writeAddress), cc: mail.cc.map(writeAddress), bcc: mail.bcc.map(writeAddress) }
  drafts.restore(conversationId, kept ?? { ...emptyMailDraft, ...head, html: page.innerHTML })
  useDrafts.getState().write(conversationId, 'reply', text)
  const files = parts.flatMap((part) =>
    part.type === 'media' && part.fileId !== undefined
      ? [{ fileId: part.fileId, name: part.name ?? part.kind, mime: part.mime ?? '', bytes: part.bytes ?? 0 }]
      : [],
  )
  restore(conversationId, files)
}

/** Takes a mail back that has not left yet, into its composer. */
export function UndoSend({ message }: { message: Message }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const undo = useMutation({
    mutationFn: () => cancelMessage(message),
    onSuccess: () => goOn(message),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <button type="button" className={css.retry} disabled={undo.isPending} onClick={() => undo.mutate()}>
      {t('delivery.undo')}
    </button>
  )
}
