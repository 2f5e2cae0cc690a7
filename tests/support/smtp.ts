import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** What a scripted server does at a step instead of agreeing. */
export type SmtpFault =
  /** Answers so at the step. `rcpt` may name the recipient it is for. */
  | {
      readonly at: 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot'
      readonly reply: string
      readonly recipient?: string
      readonly times?: number
    }
  /** Closes the connection there: `mid_data` after the first bytes of the message, `dot` after the whole of it without a word. */
  | { readonly at: 'greeting' | 'ehlo' | 'mail' | 'data' | 'mid_data' | 'dot'; readonly cut: true; readonly times?: number }
  /** Takes the message and then says nothing more. */
  | { readonly at: 'greeting' | 'data' | 'dot'; readonly hang: true; readonly times?: number }
  /** Answers after that many milliseconds. */
  | { readonly at: 'greeting' | 'mail' | 'dot'; readonly delayMs: number; readonly times?: number }

/** A message a scripted server took, byte for byte, before the dots were unstuffed. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly secure: boolean
}

/** An SMTP server that does what a script says. */
export interface ScriptedSmtp {
  readonly port: number
  /** Messages whose final dot arrived, whatever was answered to it. */
  readonly taken: readonly TakenMail[]
  /** Every line a client sent outside of messages, credentials included. */
  readonly lines: readonly string[]
  readonly connections: number
  /** Adds a fault; it holds for `times` uses, 1 when left out. */
  fail(fault: SmtpFault): void
  close(): Promise<void>
}

/** What a scripted server offers. */
export interface ScriptedSmtpOptions {
  readonly user?: string
  readonly password?: string
  /** Offers STARTTLS with this key and certificate, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly sizeLimitBytes?: number
}

interface Script extends ScriptedSmtpOptions {
  readonly faults: { fault: SmtpFault; left: number }[]
  readonly taken: TakenMail[]
  readonly lines: string[]
  readonly sockets: Set<Socket>
}

/** Starts an SMTP server on loopback that speaks RFC 5321 from a raw socket, so that it can break off at any byte. */
export async function startScriptedSmtp(options: ScriptedSmtpOptions = {}): Promise<ScriptedSmtp> {
  const script: Script = { ...options, faults: [], taken: [], lines: [], sockets: new Set() }
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    script.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => script.sockets.delete(socket))
    new Dialogue(script, socket).begin()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The scripted SMTP server has no port.')
  return {
    port: address.port,
    taken: script.taken,
    lines: script.lines,
    get connections() {
      return connections
    },
    fail: (fault) => void script.faults.push({ fault, left: fault.times ?? 1 }),
    close: async () => {
      for (const socket of script.sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

class Dialogue {
  readonly script: Script
  socket: Socket
  buffer = ''
  mode: 'commands' | 'data' | 'auth' = 'commands'
  from = ''
  to: string[] = []
  secure = false
  silent = false

  constructor(script: Script, socket: Socket) {
    this.script = script
    this.socket = socket
  }

  begin(): void {
    this.listen()
    this.answer('greeting', '220 scripted.test ESMTP')
  }

  listen(): void {
    this.socket.on('data', (chunk) => {
      this.buffer += chunk.toString('latin1')
      this.read()
    })
  }

  read(): void {
    while (!this.silent) {
      if (this.mode === 'data') {
        if (this.take('mid_data') !== null) return void this.socket.destroy()
        const end = this.buffer.startsWith('.\r\n') ? 0 : this.buffer.indexOf('\r\n.\r\n')
        if (end === -1) return
        const raw = this.buffer.slice(0, end)
        this.buffer = this.buffer.slice(end + (end === 0 ? 3 : 5))
        this.mode = 'commands'
        this.finish(raw)
        continue
      }
      const end = this.buffer.indexOf('\r\n')
      if (end === -1) return
      const line = this.buffer.slice(0, end)
      this.buffer = this.buffer.slice(end + 2)
      this.script.lines.push(line)
      this.command(line)
    }
  }

  finish(raw: string): void {
    this.script.taken.push({ from: this.from, to: [...this.to], raw, secure: this.secure })
    this.to = []
    this.answer('dot', '250 2.0.0 queued as SCRIPTED')
  }

  command(line: string): void {
    if (this.mode === 'auth') {
      this.mode = 'commands'
      return this.login(line)
    }
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') return this.answer('ehlo', this.features())
    if (verb === 'AUTH') return this.auth(line)
    if (verb === 'STAR') return this.upgrade()
    if (verb === 'MAIL') {
      this.from = /<([^>]*)>/.exec(line)?.[1] ?? ''
      return this.answer('mail', '250 2.1.0 ok')
    }
    if (verb === 'RCPT') return this.recipient(/<([^>]*)>/.exec(line)?.[1] ?? '')
    if (verb === 'DATA') return this.data()
    if (verb === 'QUIT') return void this.socket.end('221 2.0.0 bye\r\n')
    this.socket.write(verb === 'RSET' || verb === 'NOOP' ? '250 2.0.0 ok\r\n' : '502 5.5.1 what?\r\n')
  }

  features(): string {
    const { user, tls, sizeLimitBytes } = this.script
    const lines = ['scripted.test', '8BITMIME', `SIZE ${sizeLimitBytes ?? 36_700_160}`]
    if (tls !== undefined && !this.secure) lines.push('STARTTLS')
    if (user !== undefined) lines.push('AUTH PLAIN XOAUTH2')
    return lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n')
  }

  auth(line: string): void {
    const given = line.split(' ')[2]
    if (given !== undefined) return this.login(given)
    this.mode = 'auth'
    this.socket.write('334 \r\n')
  }

  login(given: string): void {
    const words = Buffer.from(given, 'base64').toString()
    const { user = '', password = '' } = this.script
    const right = words === `\0${user}\0${password}` || words === `user=${user}\x01auth=Bearer ${password}\x01\x01`
    this.answer('auth', right ? '235 2.7.0 welcome' : '535 5.7.8 wrong user or password')
  }

  upgrade(): void {
    const { tls } = this.script
    if (tls === undefined) return void this.socket.write('454 4.7.0 no TLS here\r\n')
    this.socket.write('220 2.0.0 go ahead\r\n')
    this.socket.removeAllListeners('data')
    const secured = new TLSSocket(this.socket, { isServer: true, key: tls.key, cert: tls.cert })
    secured.on('error', () => undefined)
    this.socket = secured
    this.secure = true
    this.listen()
  }

  recipient(address: string): void {
    const fault = this.take('rcpt', address)
    if (fault !== null && 'reply' in fault) return void this.socket.write(`${fault.reply}\r\n`)
    this.to.push(address)
    this.socket.write('250 2.1.5 ok\r\n')
  }

  data(): void {
    const fault = this.take('data')
    if (fault !== null && 'reply' in fault) return void this.socket.write(`${fault.reply}\r\n`)
    if (fault !== null && 'cut' in fault) return void this.socket.destroy()
    if (fault !== null && 'hang' in fault) {
      this.silent = true
      return
    }
    this.mode = 'data'
    this.socket.write('354 go on\r\n')
  }

  answer(at: SmtpFault['at'], usual: string): void {
    const fault = this.take(at)
    if (fault === null) return void this.socket.write(`${usual}\r\n`)
    if ('reply' in fault) return void this.socket.write(`${fault.reply}\r\n`)
    if ('cut' in fault) return void this.socket.destroy()
    if ('hang' in fault) {
      this.silent = true
      return
    }
    setTimeout(() => this.socket.write(`${usual}\r\n`), fault.delayMs)
  }

  take(at: SmtpFault['at'], recipient?: string): SmtpFault | null {
    const found = this.script.faults.find(({ fault, left }) => {
      if (fault.at !== at || left === 0) return false
      return !('recipient' in fault) || fault.recipient === undefined || fault.recipient === recipient
    })
    if (found === undefined) return null
    found.left -= 1
    return found.fault
  }
}
