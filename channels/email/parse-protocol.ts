import type { MailDocument } from './mail-document.ts'

/** What the hub asks of the parsing thread. Bytes of a mail follow as chunks; each is taken before the next is sent. */
export type ParseRequest =
  | { readonly type: 'read' }
  | { readonly type: 'extract'; readonly index: number }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }
  /** A chunk of the file was taken. */
  | { readonly type: 'taken' }

/** What it answers. */
export type ParseReply =
  /** It begins. `threadId`: the system's id of the thread, null where the system tells none. */
  | { readonly type: 'started'; readonly threadId: string | null }
  | { readonly type: 'more' }
  | { readonly type: 'document'; readonly document: MailDocument }
  | { readonly type: 'file'; readonly bytes: Uint8Array }
  /** The file is complete; `found` is false where there is no such file. */
  | { readonly type: 'extracted'; readonly found: boolean }
  | { readonly type: 'failed'; readonly kind: 'too_large' | 'invalid_input' | 'bug'; readonly sentence: string }
