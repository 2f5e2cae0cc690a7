import { useCallback, useMemo } from 'react'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { LocationPart, OutgoingPart } from '../../../src/wire/messages.ts'
import { send } from '../live/sends.ts'
import { appliedSeq } from '../live/store.ts'
import { useInbox, useMay } from '../live/use-things.ts'
import { useSeen } from '../thread/use-reading.ts'
import { attach, detach, useAttachments } from './attachments.ts'
import { type Mode, useDrafts } from './drafts.ts'
import { type Refusal, refuseFile, refuseMessage } from './limits.ts'
import { entitiesIn, type Mark, useMarks } from './marks.ts'
import { useQuotes } from './quotes.ts'
import type { ChosenSticker } from './sticker-picker.tsx'
import { type Closed, useClosed } from './use-closed.ts'

function useMode(conversation: Conversation, closed: Closed | null): { mode: Mode; mayNote: boolean } {
  const mayNote = useMay('conversation.note')
  const chosen = useDrafts((d) => d.modes[conversation.id])
  return { mode: mayNote ? (chosen ?? 'reply') : 'reply', mayNote: mayNote && closed !== 'permission' }
}

/** Everything the composer of one conversation knows and can do. */
export function useComposer(conversation: Conversation, refuse: (refusal: Refusal) => void) {
  const { id } = conversation
  const closed = useClosed(conversation)
  const { mode, mayNote } = useMode(conversation, closed)
  const capabilities = useInbox(conversation.inboxId)?.capabilities
  const text = useDrafts((d) => d.texts[`${id}:${mode}`] ?? '')
  const { write, choose } = useDrafts.getState()
  const all = useAttachments((a) => a.list)
  const attachments = useMemo(() => all.filter((a) => a.conversationId === id), [all, id])
  const refusal = refuseMessage({ text, files: attachments.length }, mode, capabilities)
  const settled = attachments.every((a) => a.status === 'ready')
  const writable = mode === 'note' || closed === null
  const maySend = writable && refusal === null && settled && (text.trim() !== '' || attachments.length > 0)
  const dispatch = useCallback(
    (parts: readonly OutgoingPart[], files: Parameters<typeof send>[0]['files'] = []) => {
      const quoted = mode === 'reply' ? useQuotes.getState().chosen[id] : undefined
      const seenSeq = useSeen.getState().seqs[id] ?? appliedSeq()
      send({ conversationId: id, kind: mode, parts, files, seenSeq, ...(quoted && { quotedMessageId: quoted.id }) })
      useQuotes.getState().drop(id)
    },
    [id, mode],
  )
  const submit = useCallback(() => {
    if (!maySend) return
    const files = attachments.flatMap((a) => (a.fileId === null ? [] : [{ fileId: a.fileId, name: a.name, mime: a.mime, bytes: a.bytes }]))
    const entities = mode === 'reply' ? entitiesIn(text, useMarks.getState().byConversation[id] ?? []) : []
    const words: OutgoingPart[] = text.trim() === '' ? [] : [{ type: 'text', text, ...(entities.length > 0 && { entities }) }]
    useMarks.getState().clear(id)
    dispatch([...words, ...files.map((f): OutgoingPart => ({ type: 'file', fileId: f.fileId }))], files)
    write(id, mode, '')
    for (const a of attachments) detach(a.localId)
  }, [maySend, attachments, text, dispatch, write, id, mode])
  const addFiles = (files: Iterable<File>): void => {
    for (const file of files) {
      const refused = refuseFile(file, mode, capabilities)
      if (refused) refuse(refused)
      else attach(id, file)
    }
  }
  return {
    closed,
    mode,
    mayNote,
    capabilities,
    text,
    attachments,
    refusal,
    writable,
    maySend,
    submit,
    addFiles,
    setText: (value: string) => write(id, mode, value),
    setMode: (value: Mode) => choose(id, value),
    sendSticker: (sticker: ChosenSticker) => dispatch([{ type: 'sticker', ...sticker }]),
    sendLocation: (part: LocationPart) => dispatch([part]),
    sendParts: (parts: readonly OutgoingPart[]) => dispatch(parts),
    addMark: (mark: Mark) => {
      useMarks.getState().add(id, mark)
      write(id, mode, `${text}${text === '' || /\s$/.test(text) ? '' : ' '}${mark.words} `)
    },
  }
}

/** What `useComposer` answers. */
export type ComposerModel = ReturnType<typeof useComposer>
