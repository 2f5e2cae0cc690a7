import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { Viewer } from '../core/access/authorize.ts'
import type { Auth, Credentials } from '../services/access/authenticate.ts'
import type { Handshake } from './handshake.ts'
import type { Audience } from './publications.ts'
import { type Backlog, watchBacklog } from './visitor/backlog.ts'

/** What the handshake proved. */
export interface AgentSocketData {
  readonly auth: Auth
  readonly credentials: Credentials
  readonly handshake: Handshake
  /** The agent's name as typing and viewers show it. */
  readonly name: string
}

export type AgentSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, AgentSocketData>
/** What is sent is typed by `Publication` and `agentSignals`. */
export type AgentNamespace = Namespace<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, AgentSocketData>

/** Events that a console may be ahead by without having acknowledged them. */
export const windowSize = 512
/** Packets that may stand in a connection before nothing live is sent to it. */
const maxBacklog = 512
/** Beyond this it does not read at all, not even its own answers, and is cut. */
const maxBacklogBeforeCut = 4_096

/**
 * One console's socket. `live`: told of each change as it comes. `behind`: told page by page from `cursor` on,
 * as fast as it acknowledges; nothing is kept for it but the cursor. `joining`: not yet placed.
 */
export class AgentConnection implements Audience {
  readonly socket: AgentSocket
  readonly agentId: string
  readonly credentials: Credentials
  auth: Auth
  name: string
  mode: 'joining' | 'live' | 'behind' = 'joining'
  /** While behind: everything visible up to here has been sent. */
  cursor = 0
  /** It renews a presence lease, so it is a console and not a program that only listens. */
  console = false
  readonly threads = new Set<string>()
  readonly #backlog: Backlog
  // Numbers of the events sent and not acknowledged, ascending; `#acked` of them are done.
  #sent: number[] = []
  #acked = 0

  constructor(socket: AgentSocket) {
    this.socket = socket
    this.auth = socket.data.auth
    this.agentId = this.auth.viewer.agentId
    this.credentials = socket.data.credentials
    this.name = socket.data.name
    this.#backlog = watchBacklog(socket.conn)
  }

  get viewer(): Viewer {
    return this.auth.viewer
  }

  /** Events sent and not acknowledged. */
  get outstanding(): number {
    return this.#sent.length - this.#acked
  }

  /** Whether it takes what it is sent too slowly for anything live. */
  get congested(): boolean {
    return this.outstanding > windowSize || this.#backlog.packets > maxBacklog
  }

  /** Whether it may be given another page. */
  get ready(): boolean {
    return this.outstanding <= windowSize / 2 && this.#backlog.packets <= maxBacklog / 2
  }

  /** Whether it has stopped reading for good. */
  get stuck(): boolean {
    return this.#backlog.packets > maxBacklogBeforeCut
  }

  /** Notes an event sent. */
  sent(seq: number): void {
    this.#sent.push(seq)
  }

  /** Notes that everything sent up to `seq` has been applied. */
  acknowledge(seq: number): void {
    const sent = this.#sent
    while (this.#acked < sent.length && (sent[this.#acked] ?? 0) <= seq) this.#acked += 1
    if (this.#acked < 64 && this.#acked < sent.length) return
    this.#sent = sent.slice(this.#acked)
    this.#acked = 0
  }

  /** Forgets what is outstanding: after a `resync` the console loads everything afresh. */
  forgetOutstanding(): void {
    this.#sent = []
    this.#acked = 0
  }
}

/** The consoles on this node. */
export class Connections implements Iterable<AgentConnection> {
  readonly #all = new Set<AgentConnection>()
  readonly #byAgent = new Map<string, Set<AgentConnection>>()

  get size(): number {
    return this.#all.size
  }

  [Symbol.iterator](): Iterator<AgentConnection> {
    return this.#all.values()
  }

  /** An agent's connections on this node. */
  of(agentId: string): ReadonlySet<AgentConnection> {
    return this.#byAgent.get(agentId) ?? none
  }

  agentIds(): Iterable<string> {
    return this.#byAgent.keys()
  }

  add(connection: AgentConnection): void {
    this.#all.add(connection)
    const own = this.#byAgent.get(connection.agentId) ?? new Set()
    this.#byAgent.set(connection.agentId, own.add(connection))
  }

  delete(connection: AgentConnection): void {
    this.#all.delete(connection)
    const own = this.#byAgent.get(connection.agentId)
    if (own?.delete(connection) && own.size === 0) this.#byAgent.delete(connection.agentId)
  }
}

const none: ReadonlySet<AgentConnection> = new Set()
