import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Hub, startHub } from '../../src/hub.ts'
import { localeSchema } from '../../src/wire/words.ts'
import { openBrowser } from '../support/chromium.ts'

/** The page of the customers' phones, on a hub with the demo centre. */

let hub: Hub
let browser: Browser
let folder: string
let axeSource: string
const pages: Page[] = []

const start = async (): Promise<Hub> =>
  startHub(readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, DEMO: '1', LOG_LEVEL: 'error' }))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-sandbox-'))
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  hub = await start()
  browser = await openBrowser()
}, 120_000)

afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close()
})
afterAll(async () => {
  await browser?.close()
  await hub?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 800 }, ...options })
  // LINE's picture server is outside; the page has pictures of its own for when it is not to be had.
  await context.route('https://stickershop.line-scdn.net/**', (route) => route.abort())
  const page = await context.newPage()
  pages.push(page)
  await page.goto(`${hub.url}/sandbox`)
  await page.getByRole('button', { name: /New customer|新增顧客|添加客户|お客様を追加/ }).waitFor()
  return page
}

async function openPhoneOf(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openPage(options)
  await page.getByRole('button', { name: 'New customer' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: `${name}’s phone` }).waitFor()
  return page
}

const log = (page: Page) => page.getByRole('log')
const field = (page: Page) => page.getByRole('textbox', { name: 'Message' })

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)')
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
}

describe('the phone', () => {
  it('sends on Enter, except while an input method composes', async () => {
    const page = await openPhoneOf('Aya')
    await field(page).focus()
    const session = await page.context().newCDPSession(page)
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await page.keyboard.press('Enter')
    expect(await log(page).getByText('にほん').count()).toBe(0)
    await session.send('Input.insertText', { text: '日本' })
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('two')
    await page.keyboard.press('Enter')
    await log(page).getByText('日本\ntwo').waitFor()
    expect(await field(page).inputValue()).toBe('')
  })

  it('sends stickers, places and photos, and takes messages back', async () => {
    const page = await openPhoneOf('Ben')
    await page.getByRole('button', { name: 'Stickers' }).click()
    await page.getByRole('button', { name: 'Sticker 1990' }).click()
    await log(page).getByRole('img', { name: 'Sticker' }).waitFor()
    await page.getByRole('button', { name: 'Photo or location' }).click()
    await page.getByRole('button', { name: 'Location', exact: true }).click()
    await page.getByRole('button', { name: /Tokyo Station/ }).click()
    await log(page).getByText('Tokyo Station').waitFor()
    const photo = await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } })
    await page.setInputFiles('input[accept]', { name: 'photo.png', mimeType: 'image/png', buffer: photo })
    await log(page).getByRole('img', { name: 'Photo' }).waitFor()
    await page.setInputFiles('input[accept]', { name: 'page.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
    await page.getByText('Choose a JPEG, PNG, GIF or WebP photo.').waitFor()
    await log(page).getByRole('article').nth(2).hover()
    await log(page).getByRole('article').nth(2).getByRole('button', { name: 'Unsend' }).click()
    await log(page).getByText('You unsent a message').waitFor()
    expect(await log(page).getByRole('img', { name: 'Photo' }).count()).toBe(0)
  })

  it('blocks the account and lifts the block', async () => {
    const page = await openPhoneOf('Cho')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Block the account' }).click()
    await page.getByText('You have blocked this account.').waitFor()
    expect(await field(page).count()).toBe(0)
    await page.getByRole('button', { name: 'Unblock' }).click()
    await field(page).waitFor()
  })

  it('shows what people write as text', async () => {
    const page = await openPhoneOf('<img src=x>')
    const hostile = '<script>document.title="owned"</script><img src=x onerror=alert(1)> javascript:alert(1)'
    await field(page).fill(hostile)
    await page.keyboard.press('Enter')
    await log(page).getByText(hostile).waitFor()
    expect(await log(page).locator('a, img, script').count()).toBe(0)
  })

  it('keeps its chats over a restart of the hub', async () => {
    const before = await openPhoneOf('Dora')
    await field(before).fill('remember me')
    await before.keyboard.press('Enter')
    await expect.poll(() => log(before).getByText('On its way').count()).toBe(0)
    await hub.stop()
    hub = await start()
    const after = await openPage()
    await after.getByRole('button', { name: /Dora/ }).click()
    await log(after).getByText('remember me').waitFor()
  })
})

describe('the page', () => {
  it.each([...localeSchema.options.map((locale) => [locale, 'light'] as const), ['en', 'dark'] as const])(
    'can be used by everybody, in %s, %s',
    async (locale, colorScheme) => {
      const page = await openPage({ locale, colorScheme })
      expect(await page.locator('html').getAttribute('lang')).toBe(locale)
      // The menu is opened first, so that one look takes in the page and what lies above it.
      await page.locator('main button[aria-expanded]').last().click()
      expect(await violationsOn(page)).toEqual([])
    },
  )

  it('fits a phone: one pane at a time, nothing scrolls sideways', async () => {
    const page = await openPage({ viewport: { width: 320, height: 640 } })
    const sideways = () => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
    expect([await page.getByRole('log').isVisible(), await sideways()]).toEqual([false, false])
    await page.getByRole('navigation', { name: 'Customers' }).getByRole('listitem').first().getByRole('button').click()
    await page.getByRole('log').waitFor()
    expect([await page.getByRole('navigation', { name: 'Customers' }).isVisible(), await sideways()]).toEqual([false, false])
    await page.getByRole('button', { name: 'Customers' }).click()
    await page.getByRole('navigation', { name: 'Customers' }).waitFor()
  })

  it.each(localeSchema.options)('fits a phone with every tab, in %s', async (locale) => {
    const page = await openPage({ locale, viewport: { width: 320, height: 640 } })
    const widths = [320, 375, 480, 481, 720]
    const tabs = page.getByRole('banner').getByRole('navigation').getByRole('button')
    const wide: string[] = []
    for (const tab of await tabs.all()) {
      await tab.click()
      await expect.poll(() => tab.getAttribute('aria-current')).toBe('page')
      for (const width of widths) {
        await page.setViewportSize({ width, height: 640 })
        if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')) {
          wide.push(`${await tab.innerText()} at ${width}`)
        }
      }
    }
    expect(wide).toEqual([])
  })

  it('shows the shop in the same language', async () => {
    const page = await openPage({ locale: 'ja' })
    await page.getByRole('button', { name: 'ショップのページ' }).click()
    const shop = page.frameLocator('iframe')
    await expect.poll(() => shop.locator('html').getAttribute('lang')).toBe('ja')
  })
})
