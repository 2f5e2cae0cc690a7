import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { line } from '../../channels/line/index.ts'
import { type Desk, openDesk, tapLine } from './desk.ts'

/** Writing in the console as people do: with input methods, bad lines, and customers who write at the same moment. */

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
}, 180_000)
afterAll(() => desk?.close())

const composer = (page: Page) => page.getByRole('textbox', { name: /^Reply to|^Note/ })
const inLog = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true })

/** Opens a waiting conversation of this customer and takes it. */
async function take(page: Page, customer: string): Promise<void> {
  await page.goto(`${desk.hub.url}/inbox/open`)
  await page.getByRole('link', { name: customer }).first().click()
  await page.getByRole('button', { name: /^Take it$|^Take over$/ }).click()
  await composer(page).waitFor()
}

async function messagesSaying(page: Page, text: string): Promise<number> {
  const id = page.url().split('/').at(-1)?.split('?')[0] ?? ''
  const answer = await page.context().request.get(`${desk.hub.url}/api/v1/conversations/${id}/messages`)
  const { items } = (await answer.json()) as { items: { parts: { text?: string }[] }[] }
  return items.filter((m) => m.parts.some((p) => p.text === text)).length
}

test('Enter that confirms characters of an input method never sends; the next one does', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await take(page, '游雅雯')
  await composer(page).focus()
  const ime = await context.newCDPSession(page)
  await ime.send('Input.imeSetComposition', { text: 'ㄋㄧˇ', selectionStart: 3, selectionEnd: 3 })
  const confirm = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
  await ime.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...confirm })
  await ime.send('Input.insertText', { text: '你' })
  await ime.send('Input.dispatchKeyEvent', { type: 'keyUp', ...confirm })
  expect(await composer(page).inputValue()).toBe('你')
  expect(await messagesSaying(page, '你')).toBe(0)
  await page.keyboard.press('Enter')
  await inLog(page, '你').waitFor()
  await expect.poll(() => messagesSaying(page, '你')).toBe(1)
  expect(await composer(page).inputValue()).toBe('')
  await context.close()
})

test('what is written without a connection waits, is kept over a reload, and arrives once', async () => {
  const context = await desk.context()
  const line = await tapLine(context)
  const page = await desk.logIn(context, 'admin@camellia.test')
  await take(page, '高詩涵')
  await page.getByText('In sync').waitFor()
  await line.cut()
  await page.getByText(/^Offline for/).waitFor()
  await composer(page).fill('可以指定晚上七點到九點。')
  await composer(page).press('Enter')
  await page.getByText('Waiting for the connection').waitFor()
  expect(await composer(page).inputValue()).toBe('')
  await line.mend()
  await page.reload()
  await inLog(page, '可以指定晚上七點到九點。').waitFor()
  await expect.poll(() => messagesSaying(page, '可以指定晚上七點到九點。')).toBe(1)
  await expect.poll(() => page.getByText('Waiting for the connection').count()).toBe(0)
  await page.getByText('In sync').waitFor()
  expect(await inLog(page, '可以指定晚上七點到九點。').count()).toBe(1)
  await context.close()
})

test('a reply that crosses the customer’s words is held, shown beside them, and sent when its author says so', async () => {
  const context = await desk.context()
  const line = await tapLine(context)
  const page = await desk.logIn(context, 'admin@camellia.test')
  await take(page, '邱冠宇')
  await inLog(page, '有人在嗎？').waitFor()
  await page.getByText('In sync').waitFor()
  line.hold()
  await desk.onPhone('邱冠宇', { act: 'text', text: '找到了，在管理室。' })
  await expect.poll(() => messagesSaying(page, '找到了，在管理室。')).toBe(1)
  await composer(page).fill('我請物流再確認一次。')
  await composer(page).press('Enter')
  line.release()
  const guard = page.getByRole('dialog', { name: '1 new message since you began' })
  await guard.getByText('找到了，在管理室。').waitFor()
  await guard.getByText('我請物流再確認一次。').waitFor()
  expect(await messagesSaying(page, '我請物流再確認一次。')).toBe(0)
  await guard.getByRole('button', { name: 'Keep editing' }).click()
  expect(await composer(page).inputValue()).toBe('我請物流再確認一次。')
  await composer(page).fill('太好了，有問題再告訴我們。')
  // Words that arrived count as seen once they have stood there for a second.
  await expect
    .poll(
      async () => {
        await composer(page).press('Enter')
        const held = page.getByRole('button', { name: 'Keep editing' })
        if ((await held.count()) > 0) await held.click()
        return messagesSaying(page, '太好了，有問題再告訴我們。')
      },
      { timeout: 15_000, interval: 700 },
    )
    .toBe(1)
  await context.close()
})

test('a text too long for the channel is refused before it is sent, with the limit', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await take(page, '簡郁婷')
  const limit = line.capabilities.textMaxChars ?? 0
  expect(limit).toBeGreaterThan(0)
  const refused = `3 characters too many: this channel takes ${limit.toLocaleString('en')}.`
  await composer(page).fill('茶'.repeat(limit + 3))
  await page.getByText(refused).waitFor()
  await composer(page).press('Enter')
  const send = page.getByRole('button', { name: 'Send', exact: true })
  expect(await send.isDisabled()).toBe(true)
  expect(await messagesSaying(page, '茶'.repeat(limit + 3))).toBe(0)
  await composer(page).fill('茶'.repeat(limit))
  await page.getByText(refused).waitFor({ state: 'detached' })
  expect(await send.isEnabled()).toBe(true)
  await context.close()
})

test('a note is kept for colleagues; finishing asks how it ended and frees the conversation', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await take(page, '洪子軒')
  await page.getByRole('heading', { level: 2, name: '洪子軒' }).click()
  await page.keyboard.press('n')
  await composer(page).fill('帶兩個小孩來試喝')
  await composer(page).press('Enter')
  await inLog(page, '帶兩個小孩來試喝').waitFor()
  await page.getByRole('heading', { level: 2, name: '洪子軒' }).click()
  await page.keyboard.press('e')
  const form = page.getByRole('form', { name: 'Wrap-up' })
  await form.getByRole('combobox', { name: 'How did it end?' }).click()
  await page.getByRole('option', { name: '已解決' }).click()
  await form.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Reopen' }).waitFor()
  await inLog(page, 'Resolved: 已解決').waitFor()
  expect(desk.troubles).toEqual([])
  await context.close()
})
