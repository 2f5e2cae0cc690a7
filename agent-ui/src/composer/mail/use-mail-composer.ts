import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Conversation } from '../../../../src/wire/conversations.ts'
import type { MailAddress, MailSuggestion, OutgoingMail } from '../../../../src/wire/mail.ts'
import type { OutgoingPart } from '../../../../src/wire/messages.ts'
import { apiUrl, http } from '../../api/http.ts'
import { send } from '../../live/sends.ts'
import { appliedSeq } from '../../live/store.ts'
import { useSeen } from '../../thread/use-reading.ts'
import { detach } from '../attachments.ts'
import type { ComposerModel } from '../use-composer.ts'
import { emptyMailDraft, type MailDraft, readAddress, useMailDrafts } from './mail-drafts.ts'

/** Pictures in the editor are our files; in the mail they are its own parts. */
export function withContentIds(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const img of page.querySelectorAll('img')) {
    const fileId = fileIdOf(img.getAttribute('src') ?? '')
    if (fileId === null) img.remove()
    else img.setAttribute('src', `cid:${fileId}`)
  }
  return page.body.innerHTML
}

function fileIdOf(src: string): string | null {
  return new RegExp(`^${apiUrl('/files/')}([A-Za-z0-9-]+)/content$`).exec(src)?.[1] ?? null
}

function addresses(texts: readonly string[]): MailAddress[] | null {
  const read = texts.map(readAddress)
  return read.every((address) => address !== null) ? read : null
}

/** Its head and HTML as they are sent; null while a recipient is none. */
function outgoing(draft: MailDraft, suggestion: MailSuggestion): OutgoingMail | null {
  const to = draft.to === undefined ? suggestion.to : addresses(draft.to)
  const cc = addresses(draft.cc ?? [])
  const bcc = addresses(draft.bcc ?? [])
  if (to === null || to.length === 0 || cc === null || bcc === null) return null
  const subject = (draft.subject ?? suggestion.subject).trim()
  const html = withContentIds(draft.html)
  const { signature, quote } = draft
  return { ...(subject === '' ? {} : { subject }), to: [...to], cc, bcc, ...(html === '' ? {} : { html }), signature, quote }
}

/** Everything the mail composer of one conversation knows and can do beside `ComposerModel`. */
export function useMailComposer(conversation: Conversation, model: ComposerModel) {
  const { id } = conversation
  const suggestion = useQuery({
    queryKey: ['mail-head', id, conversation.messageCount],
    queryFn: ({ signal }) => http.get<MailSuggestion>(`/conversations/${id}/mail-head`, undefined, signal),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const draft = useMailDrafts((d) => d.drafts[id] ?? emptyMailDraft)
  const version = useMailDrafts((d) => d.version)
  const { change, clear, keepSent } = useMailDrafts.getState()
  const mail = suggestion.data === undefined ? null : outgoing(draft, suggestion.data)
  const maySend = model.maySend && mail !== null
  const submit = useCallback(() => {
    if (!maySend || mail === null) return
    const files = model.attachments.flatMap((a) =>
      a.fileId === null ? [] : [{ fileId: a.fileId, name: a.name, mime: a.mime, bytes: a.bytes }],
    )
    const words: OutgoingPart[] = model.text.trim() === '' ? [] : [{ type: 'text', text: model.text }]
    const parts = [...words, ...files.map((f): OutgoingPart => ({ type: 'file', fileId: f.fileId }))]
    const clientId = send({ conversationId: id, kind: 'reply', parts, files, mail, seenSeq: useSeen.getState().seqs[id] ?? appliedSeq() })
    keepSent(clientId, draft)
    model.setText('')
    clear(id)
    for (const a of model.attachments) detach(a.localId)
  }, [maySend, mail, model, id, draft, keepSent, clear])
  return {
    draft,
    version,
    maySend,
    submit,
    suggestion,
    change: (changes: Partial<MailDraft>) => change(id, changes),
  }
}
