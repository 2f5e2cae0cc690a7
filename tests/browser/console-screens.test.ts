import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations, type Desk, openDesk } from './desk.ts'

/** Every screen of the console: readable by everybody, narrow or dark; one outcome of an offer over all tabs. */

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
}, 180_000)
afterAll(() => desk?.close())

const screens = [
  ['/inbox/mine', 'Mine'],
  ['/inbox/waiting', 'Waiting'],
  ['/inbox/open', 'Open'],
  ['/inbox/resolved', 'Resolved'],
  ['/search', 'Search'],
  ['/search?q=%E5%A0%B1', 'Search'],
  ['/supervisor', 'Supervisor'],
  ['/admin/agents', 'Administration'],
  ['/admin/queues', 'Administration'],
  ['/admin/skills', 'Administration'],
  ['/admin/inboxes', 'Administration'],
  ['/admin/tokens', 'Administration'],
  ['/admin/deliveries', 'Administration'],
  ['/profile', '周雅婷'],
] as const

async function show(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(`${desk.hub.url}${path}`)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await page.getByText('In sync').waitFor({ state: 'attached' })
  await page.waitForFunction('document.querySelectorAll(".mantine-Skeleton-root").length === 0')
}

async function openThread(page: Page): Promise<void> {
  await show(page, '/inbox/open', 'Open')
  await page.getByRole('link', { name: '劉總經理' }).first().click()
  await page.getByRole('log').getByText('好，請同時報英文版').waitFor()
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test('axe finds nothing on any screen', async () => {
    const context = await desk.context({ scheme })
    const login = await context.newPage()
    await login.goto(desk.hub.url)
    await login.getByRole('heading', { name: 'Log in' }).waitFor()
    const found: Record<string, string[]> = { login: await axeViolations(login) }
    const page = await desk.logIn(context, 'admin@camellia.test')
    for (const [path, heading] of screens) {
      await show(page, path, heading)
      found[path] = await axeViolations(page)
    }
    await openThread(page)
    found['thread'] = await axeViolations(page)
    await page.setViewportSize({ width: 390, height: 844 })
    found['thread, narrow'] = await axeViolations(page)
    expect(Object.fromEntries(Object.entries(found).filter(([, violations]) => violations.length > 0))).toEqual({})
    await context.close()
  }, 180_000)
})

test('at 320 pixels nothing has to be scrolled sideways, and one pane is shown at a time', async () => {
  const context = await desk.context({ width: 320, height: 640 })
  const page = await desk.logIn(context, 'admin@camellia.test')
  const width = () => page.evaluate('document.documentElement.scrollWidth') as Promise<number>
  const wide: string[] = []
  for (const [path, heading] of screens) {
    await show(page, path, heading)
    if ((await width()) > 320) wide.push(path)
  }
  await openThread(page)
  if ((await width()) > 320) wide.push('thread')
  expect(wide).toEqual([])
  expect(await page.getByRole('region', { name: 'Conversations: Open' }).isVisible()).toBe(false)
  await page.getByRole('link', { name: 'Back to the list' }).click()
  await page.getByRole('region', { name: 'Conversations: Open' }).waitFor()
  await context.close()
})

test.each([
  ['zh-TW', '主管看板', '等候中'],
  ['zh-CN', '主管看板', '等待中'],
  ['ja', 'スーパーバイザー', '待機中'],
] as const)('%s: the page says which language it is in and speaks it', async (locale, title, waiting) => {
  const context = await desk.context({ locale })
  const page = await desk.logIn(context, 'supervisor@camellia.test')
  await page.goto(`${desk.hub.url}/supervisor`)
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByRole('columnheader', { name: waiting }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe(locale)
  await context.close()
})

test('one agent with two tabs: both ring, and the answer in one ends it in the other', async () => {
  const context = await desk.context()
  const [first, second] = [await desk.logIn(context, 'ting@camellia.test'), await openTab()]
  async function openTab(): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => desk.troubles.push(error.message))
    await page.goto(desk.hub.url)
    await page.getByText('In sync').waitFor()
    return page
  }
  await first.getByText('In sync').waitFor()
  await first.getByRole('button', { name: /Offline/ }).click()
  await first.getByRole('menuitem', { name: 'Available' }).click()
  const ringing = (page: Page) => page.getByRole('alertdialog').first().getByRole('heading')
  await ringing(first).waitFor()
  await ringing(second).waitFor()
  const name = await ringing(first).innerText()
  expect(await ringing(second).innerText()).toBe(name)
  await first.keyboard.press('Alt+Enter')
  await first.getByRole('heading', { level: 2, name }).first().waitFor()
  await expect.poll(() => second.getByRole('alertdialog', { name, exact: true }).count()).toBe(0)
  await expect.poll(() => first.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe(`Reply to ${name}`)
  expect(desk.troubles).toEqual([])
  await context.close()
})

test('a supervisor sets an agent’s state and moves what they hold; the floor follows by itself', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'supervisor@camellia.test')
  await page.goto(`${desk.hub.url}/supervisor`)
  const row = page.getByRole('row', { name: /Emma Hartley/ })
  await row.getByRole('button', { name: 'Acts for Emma Hartley' }).click()
  await page.getByRole('menuitem', { name: 'Away' }).click()
  await row.getByText('Away').waitFor()
  await row.getByRole('button', { name: /What Emma Hartley holds/ }).click()
  const held = page.getByRole('dialog', { name: 'Conversations of Emma Hartley' })
  await held.getByRole('button', { name: 'Move…' }).first().click()
  const move = page.getByRole('dialog', { name: 'Transfer conversation' })
  await move.getByRole('combobox', { name: 'Queue' }).click()
  await page.getByRole('option', { name: '訂單與物流' }).click()
  await move.getByRole('button', { name: 'Transfer' }).click()
  await held.getByText('Nothing at the moment.').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => row.getByRole('button', { name: /What Emma Hartley holds/ }).count()).toBe(0)
  expect(desk.troubles).toEqual([])
  await context.close()
})
