import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { systemViewer } from '../services/access/system-viewer.ts'
import { createInbox } from '../services/inboxes/write-inbox.ts'
import { type Centre, makeCentre, withCentreContext } from './centre.ts'
import { type Dovecot, mailPassword, startDovecot } from './dovecot.ts'
import { type Figure, figure } from './figures.ts'
import { listen } from './fleet.ts'
import { percentile, spreadOf } from './percentiles.ts'
import { type HubProcess, startHubProcess } from './processes.ts'
import { pinnedCores, type Workshop } from './workshop.ts'

/** Mails that wait at the start for each second of a measured stretch, up to the whole; memory is looked at after each half. */
const mailsPerSecond = 4_000
const wholeBacklog = 20_000
const mailBytes = 5_000
/** New mails that are timed to an agent's socket, one after the other. */
const arrivals = 60
const attachmentBytes = 20 * 1024 * 1024
const user = 'bench'

/**
 * B7: mail from a real Dovecot on loopback into conversations: a backlog of 20,000 mails of 5 kB, then new mails into that
 * mailbox, timed from the delivery to the database and to an agent's socket over IDLE, then rest, then a large attachment.
 */
export async function measureMail(shop: Workshop): Promise<Figure[]> {
  const { server } = pinnedCores(shop)
  const backlog = backlogOf(shop)
  const dovecot = await startDovecot()
  const centre = await makeCentre(shop.folder('b7'), 1)
  try {
    shop.say(`B7: putting ${backlog} mails of ${mailBytes} bytes into a mailbox`)
    await dovecot.deliverAll(user, backlog, (at) => mailOf(at, mailBytes))
    await connectMailbox(centre, dovecot)
    const env = { PRIVATE_HOSTS: `127.0.0.1:${dovecot.port}` }
    const hub = await startHubProcess(shop, { dataDir: centre.dataDir, core: server, env })
    try {
      return [
        ...(await measureBacklog(shop, centre, hub)),
        ...(await measureArrivals(shop, centre, hub, dovecot)),
        ...(await measureLarge(centre, hub, dovecot)),
      ]
    } finally {
      await hub.stop()
    }
  } finally {
    await dovecot.stop()
  }
}

function backlogOf({ seconds }: Workshop): number {
  return Math.min(wholeBacklog, Math.ceil(seconds * mailsPerSecond))
}

async function connectMailbox(centre: Centre, dovecot: Dovecot): Promise<void> {
  await withCentreContext(centre.dataDir, (ctx) =>
    createInbox(ctx, systemViewer, {
      channel: 'email',
      name: 'Mail',
      queueId: centre.queueId,
      locale: 'en',
      enabled: true,
      restricted: false,
      memberIds: [],
      reopenWindowMs: 3 * 86_400_000,
      config: {
        address: 'support@bench.test',
        imapHost: '127.0.0.1',
        imapPort: dovecot.port,
        imapSecurity: 'none',
        user,
        password: mailPassword,
        firstImportDays: 36_500,
      },
    }),
  )
}

async function measureBacklog(shop: Workshop, centre: Centre, hub: HubProcess): Promise<Figure[]> {
  shop.say('B7: taking the backlog in')
  const backlog = backlogOf(shop)
  const count = counter(centre.databaseFile)
  const startedMs = performance.now()
  const cpu = hub.cpuMs()
  const rssAt = new Map<number, number>()
  let found = 0
  while (found < backlog && performance.now() - startedMs < 600_000) {
    await sleep(100)
    found = count.mails()
    for (const mark of [backlog / 4, backlog / 2, backlog]) if (found >= mark && !rssAt.has(mark)) rssAt.set(mark, hub.memory().rssKib)
  }
  const tookMs = performance.now() - startedMs
  const doubled = count.doubles()
  count.close()
  const growth = ((rssAt.get(backlog) ?? 0) - (rssAt.get(backlog / 2) ?? 0)) / 1_024
  return [
    figure('B7.backlog.rate', found / (tookMs / 1_000), 'mails/s', { missing: backlog - found, duplicate: doubled }),
    figure('B7.backlog.cpu', ((hub.cpuMs() - cpu) / tookMs) * 100, '% of a processor'),
    figure('B7.backlog.rss_growth_second_half', growth, 'MiB'),
    figure('B7.backlog.rss', hub.memory().rssKib / 1_024, 'MiB'),
  ]
}

async function measureArrivals(shop: Workshop, centre: Centre, hub: HubProcess, dovecot: Dovecot): Promise<Figure[]> {
  shop.say('B7: new mails to an agent’s socket')
  await sleep(3_000)
  const token = centre.agents[0]?.token ?? ''
  const heard = new Map<string, number>()
  const listener = await listen({
    port: hub.port,
    token,
    onConversation: ({ conversation }) => {
      const mark = /arrival \d+/.exec(conversation.preview?.text ?? '')?.[0]
      if (mark !== undefined && !heard.has(mark)) heard.set(mark, performance.now())
    },
  })
  const count = counter(centre.databaseFile)
  const [toSocket, toDatabase]: [number[], number[]] = [[], []]
  try {
    for (let at = 0; at < arrivals; at++) {
      const before = count.mails()
      const sentMs = performance.now()
      await dovecot.deliver(user, mailOf(wholeBacklog + at, mailBytes, `arrival ${at}`))
      while (count.mails() === before && performance.now() - sentMs < 10_000) await sleep(2)
      toDatabase.push(performance.now() - sentMs)
      while (!heard.has(`arrival ${at}`) && performance.now() - sentMs < 10_000) await sleep(2)
      toSocket.push((heard.get(`arrival ${at}`) ?? performance.now()) - sentMs)
      await sleep(50)
    }
    const idleCpu = hub.cpuMs()
    await sleep(10_000)
    const idle = (hub.cpuMs() - idleCpu) / 10_000
    const [socket, database] = [spreadOf(toSocket), spreadOf(toDatabase)]
    return [
      figure('B7.arrival.socket.p50', socket.p50, 'ms'),
      figure('B7.arrival.socket.p95', percentile(Float64Array.from(toSocket).sort(), 0.95), 'ms', { missing: arrivals - heard.size }),
      figure('B7.arrival.database.p50', database.p50, 'ms'),
      figure('B7.arrival.database.max', Math.max(...toDatabase), 'ms'),
      figure('B7.idle.cpu', idle * 100, '% of a processor'),
    ]
  } finally {
    listener.close()
    count.close()
  }
}

async function measureLarge(centre: Centre, hub: HubProcess, dovecot: Dovecot): Promise<Figure[]> {
  const before = hub.memory().rssKib
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, hub.memory().rssKib)
  }, 20)
  const startedMs = performance.now()
  await dovecot.deliver(user, largeMail())
  const count = counter(centre.databaseFile)
  while (count.readyFiles() === 0 && performance.now() - startedMs < 60_000) await sleep(20)
  const tookMs = performance.now() - startedMs
  clearInterval(timer)
  const ready = count.readyFiles()
  count.close()
  return [
    figure('B7.attachment.ready', tookMs, 'ms', { missing: 1 - Math.min(1, ready) }),
    figure('B7.attachment.rss_peak', (peak - before) / 1_024, 'MiB', { note: `of ${attachmentBytes / 1_048_576} MiB` }),
  ]
}

/** Looks into the database from outside, as a report would. */
function counter(file: string): { mails(): number; doubles(): number; readyFiles(): number; close(): void } {
  const database = new Database(file, { readonly: true })
  const mails = database.prepare('select count(*) from mails').pluck()
  const doubles = database.prepare('select count(*) - count(distinct internet_id) from mails').pluck()
  const files = database.prepare("select count(*) from files where state = 'ready' and name = 'large.bin'").pluck()
  return {
    mails: () => Number(mails.get()),
    doubles: () => Number(doubles.get()),
    readyFiles: () => Number(files.get()),
    close: () => database.close(),
  }
}

function mailOf(at: number, bytes: number, mark = ''): string {
  const head = [
    `From: Customer ${at} <customer${at % 5_000}@shop.example>`,
    'To: support@bench.test',
    `Subject: Question ${at}`,
    'Date: Mon, 05 Jan 2026 10:00:00 +0800',
    `Message-ID: <bench${at}@shop.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `${mark} 您好，我想查詢訂單 ${at} 的出貨進度。`,
    '',
  ].join('\r\n')
  const line = 'The parcel has not arrived yet, please look where it is and tell me when it comes.\r\n'
  return head + line.repeat(Math.max(0, Math.ceil((bytes - head.length) / line.length)))
}

function largeMail(): string {
  const body = Buffer.alloc(attachmentBytes, 'large attachment ').toString('base64')
  const lines = body.replace(/(.{76})/g, '$1\r\n')
  return [
    'From: Large <large@shop.example>',
    'To: support@bench.test',
    'Subject: large',
    'Message-ID: <large@shop.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'see the file',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename=large.bin',
    'Content-Transfer-Encoding: base64',
    '',
    lines,
    '--b--',
    '',
  ].join('\r\n')
}
