import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexAll } from '../../src/services/search/index-next.ts'
import { axeViolations, type Desk, openDesk } from './desk.ts'

/** Searching in the console: by key, with an input method, to the very message. */

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
  await indexAll(desk.hub.ctx.store)
}, 180_000)
afterAll(async () => {
  expect(desk.troubles).toEqual([])
  await desk.close()
})

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search messages and customers' })

test('by keyboard alone: / opens it, two characters find, arrows and Enter open the conversation at the message', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await page.getByText('In sync').waitFor({ state: 'attached' })
  await page.keyboard.press('/')
  await field(page).waitFor()
  await page.locator('input[type=search]:focus').waitFor()
  await page.keyboard.insertText('英文')
  const mark = page.locator('mark', { hasText: '英文' })
  await mark.first().waitFor()
  expect(new URL(page.url()).searchParams.get('q')).toBe('英文')
  expect(await axeViolations(page)).toEqual([])
  const words = await mark.first().locator('xpath=ancestor::a').locator('bdi').last().innerText()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.locator('input[type=search]:focus').waitFor()
  await mark.first().locator('xpath=ancestor::a').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('log').waitFor()
  const target = page.locator('article[data-ordinal]:focus')
  await target.waitFor()
  expect(await target.innerText()).toContain(words.replaceAll('…', '').slice(0, 20))
  await page.goBack()
  await mark.first().waitFor()
  await context.close()
}, 120_000)

test('what an input method still composes is not searched; its Enter searches nothing', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await page.goto(`${desk.hub.url}/search`)
  await field(page).click()
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/search')) asked.push(new URL(request.url()).searchParams.get('q') ?? '')
  })
  const input = await context.newCDPSession(page)
  for (const text of ['ㄧ', 'ㄧㄥ', '英ㄨ', '英文']) {
    await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await page.waitForTimeout(300)
  }
  expect(asked).toEqual([])
  await input.send('Input.insertText', { text: '英文' })
  await page.locator('mark', { hasText: '英文' }).first().waitFor()
  expect(new Set(asked)).toEqual(new Set(['英文']))
  await context.close()
}, 120_000)

describe.each(['zh-TW', 'zh-CN', 'ja'] as const)('in %s', (locale) => {
  test('a customer is found by name, and what shows is escaped text in the reader’s language', async () => {
    const context = await desk.context({ locale, width: 390, height: 844 })
    const page = await desk.logIn(context, 'admin@camellia.test')
    await page.goto(`${desk.hub.url}/search?q=${encodeURIComponent('劉總經理')}`)
    const found = page.getByRole('button', { name: /劉總經理/ })
    await found.first().waitFor()
    await found.first().click()
    await page.locator('ul a[data-result]').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await page.goto(`${desk.hub.url}/search?q=${encodeURIComponent('zzz<img src=x onerror=alert(1)>')}`)
    await page.locator('search ~ div p').filter({ hasText: /\S/ }).first().waitFor()
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    await context.close()
  }, 120_000)
})
