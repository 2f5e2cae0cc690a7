import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './processes.ts'

/** The password of every mailbox of a test server. */
export const mailPassword = 'mailbox_password_of_tests'

/** What a test server differs in. */
export interface DovecotOptions {
  /** Offers TLS, and STARTTLS on the plain port, with this certificate. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Capabilities that are not offered, such as IDLE. */
  readonly without?: readonly string[]
  /** Answers logins by XOAUTH2 with the token equal to this; passwords too. */
  readonly oauthToken?: string
}

/** A Dovecot of the tests' own: any user with `mailPassword`, Maildirs in a temporary folder. */
export interface Dovecot {
  readonly host: string
  readonly port: number
  readonly tlsPort: number
  /** Puts a mail into a folder as delivery would; `at` is what the mailbox takes for its arrival, epoch ms. */
  deliver(user: string, mime: string | Buffer, options?: { readonly folder?: string; readonly at?: number }): Promise<void>
  /** The same for many at once, before anybody reads the folder. */
  deliverAll(user: string, count: number, mime: (at: number) => string): Promise<void>
  /** The folder of a user's Maildir on disk. */
  maildir(user: string, folder?: string): string
  /** Runs `doveadm` on this server. @throws Error with its words. */
  doveadm(...args: string[]): string
  /** Ends the processes; the mail stays. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends everything and removes the mail. Idempotent. */
  stop(): Promise<void>
}

/** Files are read in the order of their names, which begin with seconds; what is delivered now needs no true ones. */
const nameFrom = 1_700_000_000

const startTimeoutMs = 20_000

/**
 * Starts Dovecot on spare ports. Where it is not installed it is, through apt-get, when that is possible.
 * @throws Error with one sentence when it is missing or does not start.
 */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  ensureInstalled()
  const home = await mkdtemp(join(tmpdir(), 'onequeue-dovecot-'))
  await chmod(home, 0o755)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const mailHome = join(home, 'mail')
  mkdirSync(mailHome, { mode: 0o777 })
  const conf = join(home, 'dovecot.conf')
  await writeFile(conf, configOf({ home, mailHome, port, tlsPort, options }))
  const place = { home, conf, port, server: null as ChildProcess | null }
  await start(place)
  let delivered = 0
  const maildir = (user: string, folder = 'INBOX') => join(mailHome, user, folder === 'INBOX' ? '' : `.${folder}`)
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    maildir,
    deliver: async (user, mime, { folder = 'INBOX', at } = {}) => {
      const where = maildir(user, folder)
      for (const part of ['tmp', 'new', 'cur']) mkdirSync(join(where, part), { recursive: true, mode: 0o777 })
      own(mailHome)
      const bytes = Buffer.isBuffer(mime) ? mime : Buffer.from(mime, 'utf8')
      delivered += 1
      const name = `${at === undefined ? nameFrom + delivered : Math.floor(at / 1000)}.M${String(delivered).padStart(6, '0')}P${process.pid}.test,S=${bytes.length}`
      await deliverFile(where, name, bytes, at)
    },
    deliverAll: async (user, count, mime) => {
      const where = maildir(user)
      for (const part of ['tmp', 'new', 'cur']) mkdirSync(join(where, part), { recursive: true, mode: 0o777 })
      for (let at = 0; at < count; at++) {
        delivered += 1
        await writeFile(join(where, 'new', `${nameFrom + delivered}.M${String(delivered).padStart(6, '0')}P${process.pid}.test`), mime(at))
      }
      own(mailHome)
    },
    doveadm: (...args) => {
      const { status, stdout, stderr } = spawnSync('doveadm', ['-c', conf, ...args], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`doveadm ${args.join(' ')} ended with ${status}: ${stderr}`)
      return stdout
    },
    pause: () => end(place),
    resume: () => start(place),
    stop: async () => {
      await end(place)
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface Place {
  readonly home: string
  readonly conf: string
  readonly port: number
  server: ChildProcess | null
}

async function start(place: Place): Promise<void> {
  const log = join(place.home, 'dovecot.log')
  // Its end follows ours: the server is told to stop when our end of standard input closes.
  const guarded =
    'exec 3<&0; dovecot -F -c "$1" < /dev/null & s=$!; { read -r _ <&3; kill $s; } 2> /dev/null & g=$!; wait $s; kill $g 2> /dev/null'
  const server = spawn('sh', ['-c', guarded, 'sh', place.conf], { stdio: ['pipe', 'ignore', 'pipe'] })
  server.stderr?.on('data', (bytes: Buffer) => void appendFile(log, bytes).catch(() => undefined))
  place.server = server
  const until = performance.now() + startTimeoutMs
  while (!(await answers(place.port))) {
    if (server.exitCode !== null || performance.now() > until) {
      throw new Error(`Dovecot did not start: ${(await readFile(log, 'utf8').catch(() => '')).slice(-1_000)}`)
    }
    await pause(30)
  }
}

async function end(place: Place): Promise<void> {
  const { server } = place
  place.server = null
  if (server === null || server.exitCode !== null) return
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.stdin?.end()
  await gone
  for (let round = 0; round < 200 && (await answers(place.port)); round++) await pause(20)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.setTimeout(1_000, () => socket.destroy())
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** Written under `tmp` and moved, as every Maildir delivery is. */
async function deliverFile(where: string, name: string, bytes: Buffer, at: number | undefined): Promise<void> {
  const { rename, utimes } = await import('node:fs/promises')
  const path = join(where, 'tmp', name)
  await writeFile(path, bytes, { mode: 0o666 })
  await chmod(path, 0o666)
  if (at !== undefined) await utimes(path, at / 1000, at / 1000)
  await rename(path, join(where, 'new', name))
}

function configOf({
  home,
  mailHome,
  port,
  tlsPort,
  options,
}: {
  home: string
  mailHome: string
  port: number
  tlsPort: number
  options: DovecotOptions
}): string {
  const { tls, without = [] } = options
  const root = process.getuid?.() === 0
  const user = root ? 'mail' : userInfo().username
  const capability = without.length === 0 ? '' : `imap_capability = ${capabilities.filter((one) => !without.includes(one)).join(' ')}`
  return `
base_dir = ${home}/run
state_dir = ${home}/state
log_path = ${home}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = ${root ? 'dovecot' : user}
default_login_user = ${root ? 'dovenull' : user}
default_client_limit = 1000
${root ? '' : 'service anvil {\n  chroot =\n}\nservice imap-login {\n  chroot =\n}'}
mail_location = maildir:${mailHome}/%u
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login ${options.oauthToken === undefined ? '' : 'xoauth2 oauthbearer'}
ssl = ${tls === undefined ? 'no' : 'yes'}
${tls === undefined ? '' : `ssl_cert = <${tls.certFile}\nssl_key = <${tls.keyFile}`}
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
  mailbox Junk {
    special_use = \\Junk
    auto = subscribe
  }
}
passdb {
  driver = static
  args = password=${mailPassword}
}
userdb {
  driver = static
  args = uid=${root ? 'mail' : user} gid=${root ? 'mail' : user} home=${mailHome}/%u
}
${capability}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tls === undefined ? 0 : tlsPort}
    ssl = yes
  }
}
service imap {
  process_limit = 200
}
protocol imap {
  mail_max_userip_connections = 200
}
`
}

const capabilities = [
  'IMAP4rev1',
  'SASL-IR',
  'LOGIN-REFERRALS',
  'ID',
  'ENABLE',
  'IDLE',
  'LITERAL+',
  'UIDPLUS',
  'MOVE',
  'SPECIAL-USE',
  'NAMESPACE',
  'LIST-EXTENDED',
  'LIST-STATUS',
]

/** Dovecot reads mail as the user "mail" where it may change users. */
function own(folder: string): void {
  if (process.getuid?.() !== 0) return
  const found = spawnSync('chown', ['-R', 'mail:mail', folder])
  if (found.status !== 0) chownSync(folder, 8, 8)
}

function ensureInstalled(): void {
  if (inPath('dovecot')) return
  const missing = 'Dovecot is not installed; install it (apt-get install dovecot-imapd) to run these tests.'
  if (process.getuid?.() !== 0 || !inPath('apt-get')) throw new Error(missing)
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
  spawnSync('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...wait, 'update'])
  spawnSync('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...wait, 'install', '-y', '--no-install-recommends', 'dovecot-imapd'])
  if (!inPath('dovecot')) throw new Error(missing)
}

function inPath(name: string): boolean {
  return spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${name}`]).status === 0
}
