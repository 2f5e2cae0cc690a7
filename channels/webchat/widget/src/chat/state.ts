import type { ChatService, VisitorEvents, VisitorSession, VisitorWaiting } from '../../../../../src/wire/visitor.ts'
import type { Pending } from './model/outbox.ts'
import { emptyThread, type Thread } from './model/thread.ts'

/** Everything the chat shows. */
export interface ChatState {
  readonly inbox: VisitorSession['inbox'] | null
  /** The site has said who the visitor is. */
  readonly identified: boolean
  readonly knownName: string | null
  /** Where a transcript may go; null: nowhere. */
  readonly transcriptTo: string | null
  /** Whether somebody will answer now. */
  readonly service: ChatService
  /** The place in line of the conversation that waits. */
  readonly waiting: { readonly conversationId: string; readonly waiting: VisitorWaiting } | null
  /** Version of the words that were agreed to in this browser. */
  readonly consented: string | null
  readonly soundOn: boolean
  /** `refused`: this page may not use the chat, or there is none. */
  readonly link: 'connecting' | 'online' | 'lost' | 'refused'
  /** The thread has been told once. */
  readonly synced: boolean
  readonly thread: Thread
  readonly pending: readonly Pending[]
  /** Client id of the message under way. */
  readonly sending: string | null
  readonly typing: VisitorEvents['typing'] | null
  /** The server asked for patience a moment ago. */
  readonly busy: boolean
  readonly loadingOlder: boolean
  /** How many of our messages the visitor has not seen. */
  readonly unseen: number
}

/** The chat before it has heard from the server. */
export function firstState(pending: readonly Pending[]): ChatState {
  return {
    inbox: null,
    identified: false,
    knownName: null,
    transcriptTo: null,
    service: { mode: 'open', opensAt: null },
    waiting: null,
    consented: null,
    soundOn: true,
    link: 'connecting',
    synced: false,
    thread: emptyThread,
    pending,
    sending: null,
    typing: null,
    busy: false,
    loadingOlder: false,
    unseen: 0,
  }
}
