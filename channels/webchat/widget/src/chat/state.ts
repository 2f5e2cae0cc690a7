import type { VisitorEvents, VisitorSession } from '../../../../../src/wire/visitor.ts'
import type { Pending } from './model/outbox.ts'
import { emptyThread, type Thread } from './model/thread.ts'

/** Everything the chat shows. */
export interface ChatState {
  readonly inbox: VisitorSession['inbox'] | null
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
