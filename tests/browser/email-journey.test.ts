import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, type Desk, openDesk } from './desk.ts'

/** A customer's mail, the agent's answer with an attachment, and the customer's answer to it, each in its own program. */

let desk: Desk
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-mail-'))
  desk = await openDesk()
}, 180_000)
afterAll(async () => {
  await desk?.close()
  await rm(folder, { recursive: true, force: true })
})

const editor = (page: Page) => page.getByRole('textbox', { name: /^Reply to/ })
const thread = (page: Page) => page.getByRole('log')

async function writeMail(page: Page, text: string, subject?: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Write a mail' })
  if (subject !== undefined) await form.getByRole('textbox', { name: 'Subject' }).fill(subject)
  await form.getByRole('textbox', { name: 'Text', exact: true }).fill(text)
  await form.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Taken by the centre.').first().waitFor()
}

test('mail in, an answer with an attachment, and the answer to it in the same thread', async () => {
  const offer = join(folder, '報價單.txt')
  await writeFile(offer, 'NT$ 1,200')
  const customers = await desk.context({ locale: 'en' })
  const box = await customers.newPage()
  await box.goto(`${desk.hub.url}/sandbox#/mail/mei.chen%40example.com`)
  await box.getByRole('button', { name: 'Write a mail' }).click()
  await writeMail(box, '請問這款茶多少錢？', '詢價')

  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await page.goto(`${desk.hub.url}/inbox/open`)
  await page
    .getByRole('link', { name: /陳小美/ })
    .first()
    .click()
  await page.getByRole('button', { name: /^Take it$|^Take over$/ }).click()
  await thread(page).getByText('詢價', { exact: true }).waitFor()
  await editor(page).waitFor()
  expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Re: 詢價')

  await editor(page).click()
  await page.keyboard.press('Control+b')
  await page.keyboard.type('一盒一千二。')
  await page.locator('input[type=file]').setInputFiles(offer)
  await page.getByRole('list', { name: 'Attached files' }).getByText('報價單.txt').waitFor()
  expect(await axeViolations(page)).toEqual([])
  const send = page.getByRole('button', { name: 'Send', exact: true })
  await expect.poll(() => send.isEnabled()).toBe(true)
  await send.click()
  await page.frameLocator('iframe[title="Mail: Re: 詢價"]').locator('strong', { hasText: '一盒一千二。' }).waitFor()

  await box.getByRole('link', { name: '報價單.txt' }).waitFor()
  const shown = await box.frameLocator('iframe[title="Re: 詢價"]').locator('body').innerText()
  expect(shown).toContain('一盒一千二。')
  expect(shown).toContain('請問這款茶多少錢？')
  await box.getByRole('button', { name: 'Reply' }).first().click()
  await writeMail(box, '好，我要兩盒。')

  await thread(page).getByText('好，我要兩盒。').waitFor()
  expect(await thread(page).getByRole('article').count()).toBe(3)
  expect(desk.troubles).toEqual([])
  await customers.close()
  await context.close()
})

test('a mail taken back within its time never leaves, and is written on', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'admin@camellia.test')
  await page.goto(`${desk.hub.url}/inbox/open`)
  await page
    .getByRole('link', { name: /陳小美/ })
    .first()
    .click()
  await editor(page).click()
  await page.keyboard.type('寄錯了')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('button', { name: 'Take back' }).click()
  await expect.poll(() => editor(page).innerText()).toContain('寄錯了')
  await thread(page).getByText('Cancelled').waitFor()
  expect(desk.troubles).toEqual([])
  await context.close()
})

test('pictures from elsewhere stay away until asked for, and nothing in a mail runs', async () => {
  const customers = await desk.context({ locale: 'en' })
  const asked: string[] = []
  const box = await customers.newPage()
  await box.goto(`${desk.hub.url}/sandbox#/mail/kenji.tanaka%40example.jp`)
  await box.getByRole('button', { name: 'Write a mail' }).click()
  await box.getByRole('checkbox', { name: 'The text is HTML' }).check()
  await writeMail(box, '<p onclick="parent.hit=1">Hello <img src="https://pictures.test/a.png"><script>parent.hit=1</script></p>', 'HTML')
  const context = await desk.context({ scheme: 'dark' })
  await context.route('https://pictures.test/**', (route) => {
    asked.push(route.request().url())
    return route.abort()
  })
  const page = await desk.logIn(context, 'admin@camellia.test')
  await page.goto(`${desk.hub.url}/inbox/open`)
  await page
    .getByRole('link', { name: /田中健二/ })
    .first()
    .click()
  await page.frameLocator('iframe[title="Mail: HTML"]').getByText('Hello').click()
  await page.getByText('1 picture from elsewhere is not shown.').waitFor()
  expect(await page.evaluate('window.hit')).toBeUndefined()
  expect(await page.locator('iframe[title="Mail: HTML"]').getAttribute('sandbox')).not.toContain('allow-scripts')
  await page.getByRole('button', { name: 'Show pictures' }).click()
  await expect
    .poll(() => page.frameLocator('iframe[title="Mail: HTML"]').locator('img').getAttribute('src'))
    .toMatch(/^\/api\/v1\/messages\//)
  expect(asked).toEqual([])
  await customers.close()
  await context.close()
})
