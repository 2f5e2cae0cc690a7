import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPassword } from '../../db/seed/people.ts'
import { axeViolations, type Desk, openDesk } from './desk.ts'

/** Accounts as people meet them: an invitation, the second step of log-in, the end of a session. */

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
}, 180_000)
afterAll(() => desk?.close())

test('an invited person chooses a password by the link, which then works no more, and is let in', async () => {
  const office = await desk.context()
  const admin = await desk.logIn(office, 'admin@camellia.test')
  await admin.goto(`${desk.hub.url}/admin/agents`)
  await admin.getByRole('button', { name: 'Add a person' }).click()
  const form = admin.getByRole('dialog', { name: 'Add a person' })
  await form.getByLabel('Name', { exact: true }).fill('江曉彤')
  await form.getByLabel('E-mail').fill('xiao@camellia.test')
  expect(await axeViolations(admin)).toEqual([])
  await form.getByRole('button', { name: 'Save' }).click()
  const link = await form.locator('code').innerText()
  await office.close()

  const home = await desk.context()
  const page = await home.newPage()
  await page.goto(link)
  await page.getByText('Welcome, 江曉彤.').waitFor()
  await page.getByLabel('New password').fill('three cups of oolong')
  await page.getByRole('button', { name: 'Save and log in' }).click()
  await page.getByLabel('E-mail').fill('xiao@camellia.test')
  await page.getByLabel('Password', { exact: true }).fill('three cups of oolong')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()

  const again = await home.newPage()
  await again.goto(link)
  await again.getByText('This link was used already or has expired. Ask for a new one.').waitFor()
  await home.close()
})

test('with the second step on, a password alone is not enough', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'jun@camellia.test')
  await page.goto(`${desk.hub.url}/profile`)
  await page.getByRole('button', { name: 'Set up' }).click()
  const secret = (await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/).innerText()).replaceAll(' ', '')
  await page.getByLabel('Six-digit code').fill(new TOTP({ secret }).generate())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('button', { name: 'Turn off' }).waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('E-mail').fill('jun@camellia.test')
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByLabel('Six-digit code').fill('000000')
  expect(await axeViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('The code is wrong or was used already.').waitFor()
  await context.close()
})

test('a session ended elsewhere ends here at once, and what was being written is there after the next log-in', async () => {
  const context = await desk.context()
  const page = await desk.logIn(context, 'supervisor@camellia.test')
  await page.goto(`${desk.hub.url}/inbox/open`)
  await page.getByRole('link', { name: '游雅雯' }).first().click()
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByRole('textbox', { name: 'Reply to 游雅雯' }).fill('我們有玄米茶')
  const other = await desk.context()
  const elsewhere = await desk.logIn(other, 'supervisor@camellia.test')
  await elsewhere.goto(`${desk.hub.url}/profile`)
  await elsewhere.getByRole('button', { name: 'End', exact: true }).first().click()
  await page.getByText('Your session has ended. Log in to go on.').waitFor()
  await page.getByLabel('E-mail').fill('supervisor@camellia.test')
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: 'Log in' }).click()
  expect(await page.getByRole('textbox', { name: 'Reply to 游雅雯' }).inputValue()).toBe('我們有玄米茶')
  await page.goto(`${desk.hub.url}/profile`)
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('E-mail').waitFor()
  expect(await page.evaluate('JSON.stringify(Object.values(sessionStorage))')).not.toContain('玄米茶')
  await context.close()
  await other.close()
})
