import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { axeViolations, type Desk, openDesk } from './desk.ts'

/** Every kind of message both ways, between the phone of the sandbox and the console: nothing is called but what people click and type. */

let desk: Desk
let desktop: Page
let phone: Page

beforeAll(async () => {
  desk = await openDesk()
  const context = await desk.context()
  // LINE's picture server is outside; both pages have words for when it is not to be had.
  await context.route('https://stickershop.line-scdn.net/**', (route) => route.abort())
  phone = await context.newPage()
  phone.on('pageerror', (error) => desk.troubles.push(error.message))
  await phone.goto(`${desk.hub.url}/sandbox`)
  await phone.getByRole('button', { name: 'New customer' }).click()
  await phone.getByRole('textbox', { name: 'Name' }).fill('Zoe')
  await phone.keyboard.press('Enter')
  await phone.getByRole('region', { name: 'Zoe’s phone' }).waitFor()
  await say('hello')
  desktop = await desk.logIn(context, 'admin@camellia.test')
  await desktop.goto(`${desk.hub.url}/inbox/open`)
  await desktop.getByRole('link', { name: /Zoe/ }).first().click()
  await desktop.getByRole('button', { name: /^Take it$|^Take over$/ }).click()
  await composer().waitFor()
}, 240_000)
afterAll(() => desk?.close())
beforeEach(() => {
  desk.troubles.splice(0)
})

const composer = () => desktop.getByRole('textbox', { name: /^Reply to/ })
const thread = () => desktop.getByRole('log')
const chat = () => phone.getByRole('log')

async function say(text: string): Promise<void> {
  await phone.bringToFront()
  await phone.getByRole('textbox', { name: 'Message' }).fill(text)
  await phone.keyboard.press('Enter')
  await chat().getByText(text, { exact: true }).first().waitFor()
}

async function answer(text: string): Promise<void> {
  await desktop.bringToFront()
  await composer().fill(text)
  await desktop.keyboard.press('Enter')
  await insist()
}

/** Sends all the same when the hub held the reply because the customer had just written; nothing else is asked. */
async function insist(): Promise<void> {
  const guard = desktop.getByRole('button', { name: 'Send anyway' })
  const sent = desktop.getByRole('log').locator('[data-pending]')
  await expect
    .poll(
      async () => {
        if (await guard.isVisible()) await guard.click()
        return (await guard.count()) + (await sent.count())
      },
      { timeout: 30_000 },
    )
    .toBe(0)
}

/** Opens the making of cards, fills it and sends it. */
async function make(kind: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await desktop.bringToFront()
  await desktop.getByRole('button', { name: 'Card or suggested answers' }).click()
  const dialog = desktop.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption({ label: kind })
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label).fill(text)
  await dialog.getByRole('button', { name: 'Send' }).click()
  await dialog.getByLabel('Kind').waitFor({ state: 'detached' })
  await insist()
}

describe('from the customer', () => {
  test('words, and a quote of the agent’s words', async () => {
    await answer('The tea is here.')
    await chat().getByText('The tea is here.').waitFor()
    const bubble = chat().getByRole('article').filter({ hasText: 'The tea is here.' })
    await bubble.hover()
    await bubble.getByRole('button', { name: 'Quote' }).click()
    await say('That one please')
    await thread().getByText('That one please').waitFor()
    await thread().getByRole('blockquote').filter({ hasText: 'The tea is here.' }).waitFor()
  })

  test('a sticker and a place', async () => {
    await phone.getByRole('button', { name: 'Stickers' }).click()
    await phone.getByRole('button', { name: 'Sticker 1990' }).click()
    await phone.getByRole('button', { name: 'Photo or location' }).click()
    await phone.getByRole('button', { name: 'Location', exact: true }).click()
    await phone.getByRole('button', { name: /Tokyo Station/ }).click()
    await thread().getByText('Tokyo Station').waitFor()
    await expect
      .poll(() =>
        thread()
          .getByText(/^Sticker/)
          .count(),
      )
      .toBeGreaterThan(0)
  })

  test('a photo, a film, a recording and a file', async () => {
    const photo = await phone.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } })
    await phone.setInputFiles('input[accept]', { name: 'photo.png', mimeType: 'image/png', buffer: photo })
    await thread()
      .getByRole('button', { name: /Enlarge/ })
      .first()
      .waitFor({ timeout: 30_000 })
    const any = 'input[data-kind=any]'
    const mp4 = Buffer.from('000000206674797069736f6d0000020069736f6d69736f32617663316d703431', 'hex')
    await phone.setInputFiles(any, { name: 'film.mp4', mimeType: 'video/mp4', buffer: mp4 })
    await thread().locator('video').first().waitFor({ timeout: 30_000 })
    const mp3 = Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413)])
    await phone.setInputFiles(any, { name: 'voice.mp3', mimeType: 'audio/mpeg', buffer: mp3 })
    await thread().locator('audio').first().waitFor({ state: 'attached', timeout: 30_000 })
    await phone.setInputFiles(any, { name: '<b>報價單</b>.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
    await thread().getByText('<b>報價單</b>.txt').waitFor({ timeout: 30_000 })
  })

  test('and takes a message back: nothing of it stays in the console', async () => {
    await say('my secret')
    await thread().getByText('my secret').waitFor()
    const bubble = chat().getByRole('article').filter({ hasText: 'my secret' })
    await bubble.hover()
    await bubble.getByRole('button', { name: 'Unsend' }).click()
    await thread().getByText('The sender took this message back').waitFor()
    await expect.poll(() => desktop.getByText('my secret').count(), { timeout: 10_000 }).toBe(0)
  })
})

describe('from the agent', () => {
  test('words that quote the customer, with the price said before', async () => {
    await say('Is it fresh?')
    await desktop.getByText(/^Free reply for/).waitFor()
    const question = thread().getByRole('article').filter({ hasText: 'Is it fresh?' })
    await question.getByRole('button', { name: 'Quote' }).click()
    await answer('Picked this week.')
    const bubble = chat().getByRole('article').filter({ hasText: 'Picked this week.' })
    await bubble.waitFor()
    expect(await bubble.innerText()).toContain('Is it fresh?')
    await bubble.getByText('Free reply').waitFor()
    await desktop.getByText(/^Counted as a push message/).waitFor()
  })

  test('suggested answers, and what the customer chose comes back', async () => {
    await make('Text with suggested answers', { Text: 'Which day?', 'Buttons, one a line': 'Monday\nTuesday' })
    await phone.getByRole('group', { name: 'Suggested answers' }).getByRole('button', { name: 'Tuesday' }).click()
    await thread().getByText('Tuesday', { exact: true }).last().waitFor()
    await expect.poll(() => phone.getByRole('group', { name: 'Suggested answers' }).count()).toBe(0)
  })

  test('a card with buttons and a question', async () => {
    await make('Card with buttons', {
      Title: 'Spring tea',
      Text: 'Try it',
      'Buttons, one a line': 'I want it\nShop | https://shop.example/',
    })
    await chat().getByText('Spring tea').waitFor()
    expect(await chat().getByRole('link', { name: 'Shop' }).getAttribute('href')).toBe('https://shop.example/')
    await chat().getByRole('button', { name: 'I want it' }).click()
    await thread().getByText('I want it', { exact: true }).last().waitFor()
    await make('Question with two answers', { Text: 'Gift wrap?', 'Buttons, one a line': 'Yes\nNo' })
    await chat().getByText('Gift wrap?').waitFor()
  })

  test('a Flex message and a carousel, as JSON', async () => {
    const flex = { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'Flexible words' }] } }
    await make('Any card, as JSON', { 'Card as JSON': JSON.stringify(flex), 'Words for notifications': 'Flex' })
    await chat().getByText('Flexible words').waitFor()
    await thread().getByText('Flexible words').waitFor()
    const say = { type: 'say', label: 'This', text: 'This one' }
    const carousel = {
      kind: 'carousel',
      columns: [
        { text: 'Green', buttons: [say] },
        { text: 'Black', buttons: [say] },
      ],
    }
    await make('Any card, as JSON', { 'Card as JSON': JSON.stringify(carousel), 'Words for notifications': 'Two teas' })
    await chat().getByText('Black').waitFor()
  })

  test('a sticker, a picture and a file', async () => {
    await desktop.getByRole('button', { name: 'Stickers' }).click()
    await desktop.getByRole('button', { name: 'Send sticker 1', exact: true }).first().click()
    await insist()
    const photo = await desktop.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } })
    await desktop.setInputFiles('input[type=file]', [
      { name: 'leaf.png', mimeType: 'image/png', buffer: photo },
      { name: 'offer.txt', mimeType: 'text/plain', buffer: Buffer.from('offer') },
    ])
    await expect.poll(() => desktop.getByRole('button', { name: 'Send', exact: true }).isEnabled(), { timeout: 30_000 }).toBe(true)
    await desktop.getByRole('button', { name: 'Send', exact: true }).click()
    await insist()
    await chat().getByText('offer.txt').waitFor({ timeout: 30_000 })
    await expect.poll(() => chat().getByRole('img', { name: 'Photo' }).count()).toBeGreaterThan(1)
  })
})

test('the platform’s switches do what they say: events that come twice are shown once', async () => {
  const twice = phone.getByLabel('Send every event twice')
  await phone.bringToFront()
  await twice.click()
  await expect.poll(() => twice.isChecked(), { timeout: 10_000 }).toBe(true)
  await say('only once')
  await twice.click()
  await expect.poll(() => twice.isChecked(), { timeout: 10_000 }).toBe(false)
  await thread().getByText('only once').waitFor()
  expect(await thread().getByText('only once').count()).toBe(1)
})

test('both pages pass axe, and nothing was thrown', async () => {
  expect(await axeViolations(phone)).toEqual([])
  expect(await axeViolations(desktop)).toEqual([])
  expect(desk.troubles).toEqual([])
})
