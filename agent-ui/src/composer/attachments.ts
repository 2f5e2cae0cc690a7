import { create } from 'zustand'
import { ApiError } from '../api/api-error.ts'
import { type UploadedFile, upload } from '../api/upload.ts'
import type { SentFile } from '../live/sends.ts'

/** A file added to a message that has not been sent yet. */
export interface Attachment {
  readonly localId: string
  readonly conversationId: string
  readonly name: string
  readonly mime: string
  readonly bytes: number
  readonly status: 'uploading' | 'ready' | 'failed'
  /** Share sent, 0–1. */
  readonly progress: number
  readonly fileId: string | null
  readonly error: ApiError | null
  /** Null where the hub has the bytes already. */
  readonly source: File | null
}

interface Attachments {
  readonly list: readonly Attachment[]
  readonly change: (localId: string, changes: Partial<Attachment>) => void
  readonly add: (attachment: Attachment) => void
  readonly drop: (localIds: readonly string[]) => void
}

/** Files on their way into messages. Their bytes leave at once, so that sending later is quick. */
export const useAttachments = create<Attachments>()((set, get) => ({
  list: [],
  change: (localId, changes) => set({ list: get().list.map((a) => (a.localId === localId ? { ...a, ...changes } : a)) }),
  add: (attachment) => set({ list: [...get().list, attachment] }),
  drop: (localIds) => set({ list: get().list.filter((a) => !localIds.includes(a.localId)) }),
}))

const running = new Map<string, AbortController>()
let added = 0

async function carry({ localId, source, name }: Attachment): Promise<void> {
  if (source === null) return
  const { change } = useAttachments.getState()
  const stop = new AbortController()
  running.set(localId, stop)
  change(localId, { status: 'uploading', progress: 0, error: null })
  try {
    const file: UploadedFile = await upload(source, name, (progress) => change(localId, { progress }), stop.signal)
    change(localId, { status: 'ready', progress: 1, fileId: file.id, mime: file.mime, bytes: file.bytes })
  } catch (error) {
    if (error instanceof ApiError) change(localId, { status: 'failed', error })
  } finally {
    running.delete(localId)
  }
}

/** Adds a file and begins to send its bytes. Returns its local id. */
export function attach(conversationId: string, source: File): string {
  added += 1
  const attachment: Attachment = {
    localId: `file-${added}`,
    conversationId,
    name: source.name,
    mime: source.type,
    bytes: source.size,
    status: 'uploading',
    progress: 0,
    fileId: null,
    error: null,
    source,
  }
  useAttachments.getState().add(attachment)
  void carry(attachment)
  return attachment.localId
}

/** Puts files of a message that came back into the composer again; the hub has their bytes. */
export function restore(conversationId: string, files: readonly SentFile[]): void {
  for (const { fileId, name, mime, bytes } of files) {
    added += 1
    const localId = `file-${added}`
    useAttachments
      .getState()
      .add({ localId, conversationId, name, mime, bytes, fileId, status: 'ready', progress: 1, error: null, source: null })
  }
}

/** Takes a file away again, wherever it stands. */
export function detach(localId: string): void {
  running.get(localId)?.abort()
  useAttachments.getState().drop([localId])
}

/** Begins anew with a file that did not arrive. */
export function attachAgain(attachment: Attachment): void {
  void carry(attachment)
}
