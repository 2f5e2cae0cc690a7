import { connect, type Socket } from 'node:net'

/** An answer as far as a measurement needs it. */
export interface RawAnswer {
  readonly status: number
  readonly body: Buffer
}

/** A kept-alive connection for GET; one request at a time. */
export class GetSocket {
  readonly #socket: Socket
  readonly #head: string
  #data: Buffer = Buffer.alloc(0)
  #settle: { resolve(answer: RawAnswer): void; reject(error: Error): void } | null = null

  constructor(port: number, headers: Readonly<Record<string, string>> = {}) {
    this.#head = ['Host: 127.0.0.1', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('The connection was closed.')))
  }

  /** @throws Error when the connection breaks or a request is under way already. */
  get(path: string): Promise<RawAnswer> {
    if (this.#settle !== null) return Promise.reject(new Error('A request is under way on this connection.'))
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      if (this.#socket.destroyed) this.#fail(new Error('The connection is closed.'))
      else this.#socket.write(`GET ${path} HTTP/1.1\r\n${this.#head}\r\n\r\n`)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#data = Buffer.concat([this.#data, chunk])
    const headEnd = this.#data.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const head = this.#data.toString('latin1', 0, headEnd)
    const rest = this.#data.subarray(headEnd + 4)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    const body = length === undefined ? unchunked(rest) : rest.length >= Number(length) ? rest.subarray(0, Number(length)) : null
    if (body === null) return
    const settle = this.#settle
    this.#settle = null
    this.#data = Buffer.alloc(0)
    settle?.resolve({ status: Number(head.slice(9, 12)), body })
  }

  #fail(error: Error): void {
    const settle = this.#settle
    this.#settle = null
    settle?.reject(error)
  }
}

/** The body out of its chunks, or null while the last one has not come. */
function unchunked(data: Buffer): Buffer | null {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = data.indexOf('\r\n', at)
    if (lineEnd === -1) return null
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16)
    if (size === 0) return Buffer.concat(parts)
    if (data.length < lineEnd + 2 + size + 2) return null
    parts.push(data.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}

/** The status of one GET, 0 when nobody answers. */
export async function getStatus(port: number, path: string): Promise<number> {
  const socket = new GetSocket(port)
  try {
    return (await socket.get(path)).status
  } catch {
    return 0
  } finally {
    socket.close()
  }
}
