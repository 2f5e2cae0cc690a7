import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPassword } from '../../db/seed/people.ts'
import { readConfig } from '../../src/config.ts'
import { type Hub, startHub } from '../../src/hub.ts'
import { openBrowser } from '../support/chromium.ts'
import { violationsOf } from '../support/invariants.ts'

/**
 * The whole way as its users see it: an agent in the console, a customer on the LINE phone of the sandbox and a visitor
 * of the shop. Nothing is called but what a person clicks and types.
 */

let hub: Hub
let browser: Browser
let folder: string
const contexts: BrowserContext[] = []
const troubles: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-journey-'))
  const port = await freePort()
  hub = await startHub(
    readConfig({
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: folder,
      DEMO: '1',
      LOG_LEVEL: 'error',
    }),
    {
      checkOutput: true,
    },
  )
  browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await hub?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('an agent goes available, takes what a LINE customer and a shop visitor wrote, answers both, and finds both on the record', {
  timeout: 180_000,
}, async () => {
  await makeRoomFor('emma@camellia.test')
  const agent = await openPage('zh-TW')
  await logIn(agent, 'emma@camellia.test')
  await goAvailable(agent)

  const phone = await openPage('zh-TW')
  await phone.goto(`${hub.url}/sandbox`)
  await phone.getByRole('button', { name: '新增顧客' }).click()
  await phone.getByRole('textbox', { name: /名/ }).fill('葉子晴')
  await phone.keyboard.press('Enter')
  await phone.getByPlaceholder('輸入訊息').fill('請問中秋禮盒還有嗎？🍵')
  await phone.keyboard.press('Enter')

  const shop = await openPage('en-US')
  await shop.goto(`${hub.url}/sandbox/shop`)
  const chat = await openChat(shop)
  await chat.getByRole('textbox').fill('Do you gift-wrap the teapot?')
  await chat.getByRole('textbox').press('Enter')

  await takeOfferOf(agent, '葉子晴')
  await reply(agent, '有的，三種口味都還有。')
  await expect.poll(() => phone.getByText('有的，三種口味都還有。').count(), { timeout: 20_000 }).toBeGreaterThan(0)

  await takeOfferWith(agent, 'Do you gift-wrap the teapot?')
  await reply(agent, 'Yes, free of charge.')
  await expect.poll(() => chat.getByText('Yes, free of charge.').count(), { timeout: 20_000 }).toBeGreaterThan(0)

  const record = await agent.context().request.get(`${hub.url}/api/v1/conversations?view=mine`)
  const { items } = (await record.json()) as { items: { contact: { name: string }; channel: string; preview: { text: string } | null }[] }
  const said = items.map(({ channel, preview }) => `${channel}: ${preview?.text ?? ''}`)
  expect(said).toContain('line: 有的，三種口味都還有。')
  expect(said).toContain('webchat: Yes, free of charge.')
  expect(await violationsOf(hub.ctx.store)).toEqual([])
  expect(troubles).toEqual([])
})

async function openPage(locale: string): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 }, timezoneId: 'Asia/Taipei' })
  contexts.push(context)
  const page = await context.newPage()
  page.on('pageerror', (error) => troubles.push(error.message))
  return page
}

/** Earlier customers of the demo come first: with the usual capacity they would fill the agent's hands. */
async function makeRoomFor(email: string): Promise<void> {
  const admin = await openPage('en-US')
  const { request } = admin.context()
  const headers = { origin: hub.url }
  const me = await request.post(`${hub.url}/api/v1/session`, { headers, data: { email: 'admin@camellia.test', password: demoPassword } })
  const { csrfToken } = (await me.json()) as { csrfToken: string }
  const { agents } = (await (await request.get(`${hub.url}/api/v1/snapshot`)).json()) as { agents: { id: string; email: string }[] }
  const id = agents.find((agent) => agent.email === email)?.id ?? ''
  const capacity = { max: { line: 30, webchat: 30 }, weights: {}, total: 1000 }
  const changed = await request.patch(`${hub.url}/api/v1/agents/${id}`, {
    headers: { ...headers, 'x-csrf-token': csrfToken },
    data: { capacity },
  })
  expect(changed.status()).toBe(200)
}

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto(hub.url)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(demoPassword)
  await page.keyboard.press('Enter')
}

async function goAvailable(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Offline|離線/ }).click()
  await page.getByRole('menuitem', { name: /^(Available|可接案)$/ }).click()
  await page.getByRole('button', { name: /Available|可接案/ }).waitFor()
}

/** Accepts whatever rings until the offer that is wanted is among them: earlier customers come first. */
async function takeUntil(page: Page, wanted: string): Promise<void> {
  for (let taken = 0; taken < 12; taken++) {
    const offers = page.getByRole('alertdialog')
    await offers.first().waitFor({ timeout: 30_000 })
    const ours = offers.filter({ hasText: wanted })
    const offer = (await ours.count()) > 0 ? ours.first() : offers.first()
    const done = (await ours.count()) > 0
    await offer.getByRole('button', { name: /Accept|接受/ }).click()
    if (done) {
      await page
        .getByRole('log')
        .getByText(wanted)
        .or(page.getByRole('heading', { name: wanted }))
        .first()
        .waitFor()
      return
    }
  }
  throw new Error(`The offer with ${wanted} never rang.`)
}

const takeOfferOf = takeUntil
const takeOfferWith = takeUntil

async function reply(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /Reply|回覆/ })
  await box.fill(text)
  await box.press('Enter')
  await page.getByRole('log').getByText(text).waitFor()
}

async function openChat(page: Page) {
  const launcher = page.getByRole('button', { name: /chat/i })
  await launcher.first().click()
  return page.frameLocator('iframe')
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
