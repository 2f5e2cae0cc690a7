import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core'
import { demoPassword } from '../../db/seed/people.ts'
import { readConfig } from '../../src/config.ts'
import { type Hub, startHub } from '../../src/hub.ts'
import type { PhoneAct, Phones } from '../../src/wire/sandbox.ts'
import { openBrowser } from '../support/chromium.ts'

/** A hub with the demo centre and a browser beside it. */
export interface Desk {
  readonly hub: Hub
  readonly browser: Browser
  /** What pages threw since they were opened. */
  readonly troubles: string[]
  /** Opens a context with the console's preferences as given; pages of one context are tabs of one browser. */
  context(options?: ContextOptions): Promise<BrowserContext>
  /** Opens a tab and logs in. */
  logIn(context: BrowserContext, email: string): Promise<Page>
  /** Does something on the LINE phone of the customer with this name. */
  onPhone(customer: string, act: PhoneAct): Promise<void>
  close(): Promise<void>
}

/** How a browser stands before the console is opened. */
export interface ContextOptions {
  readonly locale?: 'en' | 'zh-TW' | 'zh-CN' | 'ja'
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

/** Starts both; ends with `close`. */
export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'onequeue-desk-'))
  const port = await freePort()
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: folder,
    DEMO: '1',
    LOG_LEVEL: 'error',
  }
  const hub = await startHub(readConfig(env), { checkOutput: true })
  const browser = await openBrowser()
  const troubles: string[] = []
  const context = async ({ locale = 'en', scheme = 'light', width = 1440, height = 900 }: ContextOptions = {}) => {
    const made = await browser.newContext({ locale, colorScheme: scheme, viewport: { width, height }, timezoneId: 'Asia/Taipei' })
    const preferences = JSON.stringify({ state: { locale, sendKeyChosen: true }, version: 1 })
    await made.addInitScript(`localStorage.setItem('onequeue.preferences', ${JSON.stringify(preferences)})`)
    return made
  }
  return {
    hub,
    browser,
    troubles,
    context,
    logIn: async (within, email) => {
      const page = await within.newPage()
      page.on('pageerror', (error) => troubles.push(error.message))
      await page.goto(hub.url)
      await page.locator('input[type=email]').fill(email)
      await page.locator('input[type=password]').fill(demoPassword)
      await page.locator('button[type=submit]').click()
      await page.locator('aside nav').waitFor()
      return page
    },
    onPhone: (customer, act) => actOnPhone(hub, customer, act),
    close: async () => {
      await browser.close()
      await hub.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function actOnPhone(hub: Hub, customer: string, act: PhoneAct): Promise<void> {
  const { accounts } = (await (await fetch(`${hub.url}/sandbox/api/phones`)).json()) as Phones
  const found = accounts.flatMap((a) => a.customers.map((c) => ({ accountId: a.id, ...c }))).find((c) => c.name === customer)
  if (found === undefined) throw new Error(`There is no phone of ${customer}.`)
  const answer = await fetch(`${hub.url}/sandbox/api/phones/${found.accountId}/${found.id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: hub.url },
    body: JSON.stringify(act),
  })
  if (!answer.ok) throw new Error(`The phone of ${customer} answered ${answer.status}: ${await answer.text()}`)
}

/** The live connection of a context's pages, in a test's hands. */
export interface Line {
  /** Cuts every connection and answers no request until `mend`. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** Keeps what the hub says until `release`; what the console says goes through. */
  hold(): void
  release(): void
}

/** Takes the connection of pages that will be opened in this context into a test's hands. */
export async function tapLine(context: BrowserContext): Promise<Line> {
  const open = new Set<WebSocketRoute>()
  let held: (() => void)[] | null = null
  let broken = false
  await context.routeWebSocket(/\/socket\.io\//, (page) => {
    if (broken) return void page.close()
    const server = page.connectToServer()
    open.add(page)
    server.onMessage((message) => {
      const pass = () => page.send(message)
      if (held === null) pass()
      else held.push(pass)
    })
  })
  return {
    cut: async () => {
      broken = true
      await context.route('**/api/**', (route) => route.abort())
      for (const socket of open) await socket.close()
      open.clear()
    },
    mend: async () => {
      broken = false
      await context.unroute('**/api/**')
    },
    hold: () => {
      held = []
    },
    release: () => {
      for (const pass of held ?? []) pass()
      held = null
    },
  }
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds against WCAG 2.2 A and AA and its own best practices; empty when there is nothing. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'))
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then((r) =>
    r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 140)).join(' | ')))`)
  return found as string[]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
