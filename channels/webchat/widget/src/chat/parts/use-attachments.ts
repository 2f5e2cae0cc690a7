import { useEffect, useRef, useState } from 'preact/hooks'
import type { VisitorFile } from '../../../../../../src/wire/visitor.ts'
import { useChat, useChatState } from '../context.ts'
import { Failure } from '../live/failure.ts'
import { newClientId } from '../model/outbox.ts'

/** A file chosen for the message being written. */
export interface Attachment {
  readonly id: string
  readonly name: string
  /** Share uploaded, 0 to 1. */
  readonly share: number
  /** The file on the server, once it is there. */
  readonly file: VisitorFile | null
}

/** The files of the message being written. */
export interface Attachments {
  readonly list: readonly Attachment[]
  readonly uploading: boolean
  /** What went wrong last, in a sentence. */
  readonly problem: string | null
  add(files: Iterable<File>): void
  remove(id: string): void
  /** Takes the uploaded files out, to be sent. */
  take(): VisitorFile[]
}

/** Most parts of one message, less one for its text. */
const maxFiles = 9

/** Uploads files as soon as they are chosen; they can be cancelled until the message is sent. */
export function useAttachments(): Attachments {
  const { client, language } = useChat()
  const maxBytes = useChatState((state) => state.inbox?.maxFileBytes ?? 0)
  const [list, setList] = useState<readonly Attachment[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const cancels = useRef(new Map<string, () => void>())
  const change = (id: string, changes: Partial<Attachment>) =>
    setList((now) => now.map((item) => (item.id === id ? { ...item, ...changes } : item)))
  const drop = (id: string) => {
    cancels.current.delete(id)
    setList((now) => now.filter((item) => item.id !== id))
  }
  useEffect(() => () => cancels.current.forEach((cancel) => cancel()), [])

  const start = (file: File) => {
    const id = newClientId()
    setList((now) => [...now, { id, name: file.name, share: 0, file: null }])
    const upload = client.upload(file, (share) => change(id, { share }))
    cancels.current.set(id, upload.cancel)
    upload.done.then(
      (stored) => change(id, { file: stored, share: 1 }),
      (error: unknown) => {
        drop(id)
        if (error instanceof Failure) setProblem(problemOf(error, file.name))
      },
    )
  }
  const problemOf = (failure: Failure, name: string) =>
    failure.kind === 'too_large'
      ? language.text('errorTooLarge', { name, limit: language.bytes(maxBytes) })
      : failure.code === 'file_blocked' || failure.code === 'too_many_pixels'
        ? language.text('errorBlocked', { name })
        : failure.code === 'unsent_files'
          ? language.text('errorUnsent')
          : language.text('errorUpload', { name })
  const add = (files: Iterable<File>) => {
    setProblem(null)
    let room = maxFiles - list.length
    for (const file of files) {
      if (room <= 0) return setProblem(language.text('errorTooMany', { count: maxFiles }))
      if (file.size > maxBytes) setProblem(language.text('errorTooLarge', { name: file.name, limit: language.bytes(maxBytes) }))
      else if (file.size === 0) setProblem(language.text('errorEmpty', { name: file.name }))
      else {
        start(file)
        room -= 1
      }
    }
  }
  return {
    list,
    uploading: list.some((item) => item.file === null),
    problem,
    add,
    remove: (id) => {
      cancels.current.get(id)?.()
      drop(id)
    },
    take: () => {
      setList([])
      setProblem(null)
      cancels.current.clear()
      return list.flatMap((item) => item.file ?? [])
    },
  }
}
