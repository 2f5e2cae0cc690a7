import { connect, type Socket } from 'node:net'

/** How a request ended; 0 for a connection that broke. */
export type Answered = (status: number) => void

/**
 * A kept-alive connection that takes one request at a time, written as prepared bytes, and reads of the answer
 * no more than its status and its end. Costs a fraction of node:http's client, which would be the slower side.
 */
export class PostSocket {
  readonly #socket: Socket
  #answered: Answered | null = null
  #pending: Buffer | null = null
  broken = false

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#read(chunk))
    const fail = () => {
      this.broken = true
      this.#end(0)
    }
    this.#socket.on('error', fail)
    this.#socket.on('close', fail)
  }

  /** @throws Error while another request is under way. */
  post(request: Buffer, answered: Answered): void {
    if (this.#answered !== null) throw new Error('A request is under way on this connection.')
    this.#answered = answered
    if (this.broken) {
      queueMicrotask(() => this.#end(0))
      return
    }
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    const all = this.#pending === null ? chunk : Buffer.concat([this.#pending, chunk])
    const headEnd = all.indexOf('\r\n\r\n')
    if (headEnd === -1 || all.length < headEnd + 4 + bodyLength(all, headEnd)) {
      this.#pending = all
      return
    }
    this.#pending = null
    this.#end(Number(all.toString('latin1', 9, 12)))
  }

  #end(status: number): void {
    const answered = this.#answered
    this.#answered = null
    answered?.(status)
  }
}

function bodyLength(answer: Buffer, headEnd: number): number {
  const head = answer.toString('latin1', 0, headEnd)
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
}
