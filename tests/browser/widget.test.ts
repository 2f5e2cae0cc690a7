import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Frame, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import { type AgentConsole, agentSocket, apiOf } from '../support/agent-client.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { openBrowser } from '../support/chromium.ts'
import { factsOf, textsOf } from '../support/facts.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { freePort, type Site, startSite } from './site.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const desk = { viewport: { width: 1280, height: 800 }, locale: 'en-US' } as const
const phone = { viewport: { width: 390, height: 844 }, locale: 'zh-TW', hasTouch: true, isMobile: true } as const
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

let hub: TestHub
let browser: Browser
let site: Site
let foreign: Site
let centre: Centre
let ann: AgentConsole
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  const port = await freePort()
  hub = await startTestHub({ clock: 'system', env: { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` } })
  browser = await openBrowser()
  const pages = () => {
    const tag = `<script async src="${hub.url}/widget.js" data-inbox="${centre.webchatInboxId}"></script>`
    const page = (head: string) =>
      `<!doctype html><html lang="en"><head><title>Shop</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">${head}</head><body><main><h1>Shop</h1><button data-onequeue-open>Ask</button></main></body></html>`
    return { '/': page(tag), '/twice': page(tag + tag), '/nothing': page(`<script async src="${hub.url}/widget.js"></script>`) }
  }
  // As strict as a site can be: no inline styles or scripts, nothing from elsewhere but the chat.
  const policy = () => ({ 'content-security-policy': `default-src 'none'; img-src data:; script-src ${hub.url}; frame-src ${hub.url}` })
  site = await startSite(pages, policy)
  foreign = await startSite(pages)
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([site?.stop(), foreign?.stop()])
  await hub?.stop()
})

/** A fresh centre whose chat the site may show, with an agent at work. */
async function begin(): Promise<void> {
  centre = await makeCentre(hub)
  await updateInbox(hub.ctx, systemViewer, centre.webchatInboxId, { config: { allowedOrigins: [site.origin] } })
  ann = await agentSocket(hub, centre.agent('ann'))
  await ann.goAvailable()
  closers.push(async () => ann.close())
}
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Shown {
  readonly page: Page
  readonly chat: FrameLocator
  /** Errors the browser told of. */
  readonly complaints: string[]
}

async function show(options: BrowserContextOptions = desk, path = '/', origin = site.origin): Promise<Shown> {
  const context = await browser.newContext(options)
  closers.push(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(origin + path)
  return { page, chat: page.frameLocator('iframe'), complaints }
}

const launcher = (page: Page) => page.locator('onequeue-chat .button')
const open = async ({ page, chat }: Shown) => {
  await launcher(page).click()
  await chat.locator('textarea').waitFor()
}
const say = async ({ chat }: Shown, text: string) => {
  await chat.locator('textarea').fill(text)
  await chat.locator('textarea').press('Enter')
}
const answer = (conversationId: string, text: string) =>
  ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text }] })
const stored = async () => textsOf((await factsOf(hub, centre.webchatInboxId)).messages.filter(({ direction }) => direction !== 'system'))
const frameOf = (page: Page): Frame => {
  const frame = page.frames().find((each) => each.url().includes('/chat/'))
  if (frame === undefined) throw new Error('The chat is not on the page.')
  return frame
}
const faults = async (frame: Frame): Promise<string[]> => {
  await frame.evaluate(axe)
  const { violations } = await frame.evaluate<AxeResults>('axe.run({ iframes: false })')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

describe('the widget on somebody’s site', () => {
  it('carries a conversation both ways, under the site’s strictest policy, without a complaint', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'hello <b>there</b>')
    const conversationId = await ann.acceptNext()
    await shown.chat.getByText('ann is here for you').waitFor()
    await answer(conversationId, 'good morning, see https://shop.example/tea')
    await shown.chat.getByRole('link', { name: 'https://shop.example/tea' }).waitFor()
    expect(await stored()).toEqual(['hello <b>there</b>', 'good morning, see https://shop.example/tea'])
    expect(await shown.chat.locator('.row.own .bubble b').count()).toBe(0)
    await ann.ask('conversation.read', { conversationId, ordinal: 3 })
    await shown.chat.getByText('Seen').waitFor()
    await until('the agent learns that it was read', async () =>
      (await factsOf(hub, centre.webchatInboxId)).messages.some(({ delivery }) => delivery === 'read'),
    )
    await ann.ask('thread.open', { conversationId })
    await ann.ask('typing', { conversationId })
    await shown.chat.getByText('ann is typing').waitFor({ state: 'attached' })
    expect(shown.complaints).toEqual([])
    expect(await shown.page.evaluate('Object.keys(window).filter((name) => /onequeue/i.test(name))')).toEqual(['Onequeue'])
  })

  it('counts what was not seen on its button and in the title, and clears both when opened', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'hello')
    const conversationId = await ann.acceptNext()
    await shown.chat.getByRole('button', { name: 'Close chat' }).click()
    await answer(conversationId, 'one')
    await answer(conversationId, 'two')
    await until('the title counts', async () => (await shown.page.title()) === '(2) Shop')
    expect(await launcher(shown.page).getAttribute('aria-label')).toBe('Open chat, 2 new messages')
    expect((await factsOf(hub, centre.webchatInboxId)).messages.filter(({ delivery }) => delivery === 'read')).toEqual([])
    await launcher(shown.page).click()
    await until('the title is the site’s again', async () => (await shown.page.title()) === 'Shop')
    const read = async () => (await factsOf(hub, centre.webchatInboxId)).messages.filter(({ delivery }) => delivery === 'read').length
    await until('both are read', async () => (await read()) === 2)
    await shown.page.reload()
    await until('the chat follows on the next page by itself', () => shown.page.frames().some((frame) => frame.url().includes('/chat/')))
    await answer(conversationId, 'three')
    await until('the next page counts, too', async () => (await shown.page.title()) === '(1) Shop')
  })

  it('is one, however often it is loaded; survives a body that is replaced; goes when it is told', async () => {
    await begin()
    const { page } = await show(desk, '/twice')
    await launcher(page).waitFor()
    expect(await page.locator('onequeue-chat').count()).toBe(1)
    await page.evaluate("document.body = document.createElement('body'); 0")
    await launcher(page).waitFor()
    await page.evaluate('Onequeue.destroy()')
    expect(await page.locator('onequeue-chat').count()).toBe(0)
    expect(await page.evaluate("'Onequeue' in window")).toBe(false)
  })

  it('opens by any element that asks for it, and says what is missing when it has no inbox', async () => {
    await begin()
    const shown = await show()
    await launcher(shown.page).waitFor()
    await shown.page.getByRole('button', { name: 'Ask' }).click()
    await shown.chat.locator('textarea').waitFor()
    const context = await browser.newContext()
    closers.push(() => context.close())
    const page = await context.newPage()
    const warned: string[] = []
    page.on('console', (line) => line.type() === 'warning' && warned.push(line.text()))
    await page.goto(`${site.origin}/nothing`)
    await until('the developer is told', () => warned.some((text) => text.includes('data-inbox')))
    expect(await page.locator('onequeue-chat').count()).toBe(0)
  })

  it('shows nothing inside a site that the inbox does not name', async () => {
    await begin()
    const { page } = await show(desk, '/', foreign.origin)
    await launcher(page).click()
    await until('the browser refuses the frame', () => page.frames().some((frame) => frame.url().startsWith('chrome-error:')))
    expect(await page.frameLocator('iframe').locator('textarea').count()).toBe(0)
  })

  it('listens to nobody but the page it stands on, and tells nobody else', async () => {
    await begin()
    const shown = await show()
    await shown.page.evaluate(`{
      window.told = []
      addEventListener('message', ({ data }) => told.push(data.type))
    }`)
    await open(shown)
    // What the chat tells of itself when it has come is over with this.
    await until('the chat has introduced itself', async () =>
      shown.page.evaluate<boolean>("told.includes('ready') && told.lastIndexOf('unread') > told.lastIndexOf('ready')"),
    )
    const heard = await shown.page.evaluate(`(async () => {
      const frame = document.querySelector('onequeue-chat').shadowRoot.querySelector('iframe')
      const seen = []
      addEventListener('message', (event) => seen.push(event.origin))
      // The loader believes the chat's frame alone; a message of the page itself must not close it.
      window.postMessage({ mark: 'onequeue', type: 'close' }, '*')
      frame.contentWindow.postMessage({ mark: 'onequeue', type: 'eval', code: '1' }, '*')
      await new Promise((resolve) => setTimeout(resolve, 300))
      return seen
    })()`)
    expect(heard).toEqual([site.origin])
    expect(await launcher(shown.page).getAttribute('aria-expanded')).toBe('true')
  })
})

describe('writing', () => {
  it('an Enter that confirms what an input method composed never sends; the next one does', async () => {
    await begin()
    const shown = await show({ ...desk, locale: 'zh-TW' })
    await open(shown)
    const field = shown.chat.locator('textarea')
    await field.focus()
    const keys = await shown.page.context().newCDPSession(shown.page)
    await keys.send('Input.imeSetComposition', { text: 'ㄋㄧˇ', selectionStart: 3, selectionEnd: 3 })
    await field.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 13, isComposing: true, bubbles: true, cancelable: true })
    await field.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true, cancelable: true })
    await keys.send('Input.insertText', { text: '你好' })
    expect(await field.inputValue()).toBe('你好')
    expect(await stored()).toEqual([])
    await field.press('Shift+Enter')
    await shown.page.keyboard.type('x')
    expect(await field.inputValue()).toBe('你好\nx')
    await field.press('Enter')
    await until('it is stored', async () => (await stored()).length > 0)
    await shown.page.keyboard.type('second')
    await field.press('Control+Enter')
    await until('both are stored', async () => (await stored()).length > 1)
    expect(await stored()).toEqual(['你好\nx', 'second'])
  })

  it('goes on offline, outlives the page, and is sent once when the line is back', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'before')
    await until('it is stored', async () => (await stored()).length === 1)
    const context = shown.page.context()
    await context.setOffline(true)
    await say(shown, 'written offline')
    await say(shown, 'and another')
    await shown.chat.getByText('Waiting for the connection').waitFor()
    await shown.chat.getByText('You are offline').waitFor()
    await shown.page.close()
    await context.setOffline(false)
    const page = await context.newPage()
    await page.goto(site.origin)
    await until('all is stored', async () => (await stored()).length === 3)
    const again = { ...shown, page, chat: page.frameLocator('iframe') }
    await open(again)
    await again.chat.getByText('and another').waitFor()
    expect(await again.chat.locator('.row.own .bubble').allInnerTexts()).toEqual(['before', 'written offline', 'and another'])
    expect(await stored()).toEqual(['before', 'written offline', 'and another'])
  })

  it('loses and doubles nothing when the hub goes away under it', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'first')
    await until('it is stored', async () => (await stored()).length === 1)
    const restarted = hub.restart()
    for (const text of ['second', 'third', 'fourth']) await say(shown, text)
    await restarted
    await until('all is stored', async () => (await stored()).length === 4, 60_000)
    await until('the chat is in step', async () => (await shown.chat.locator('.row.pending').count()) === 0)
    expect(await stored()).toEqual(['first', 'second', 'third', 'fourth'])
    expect(await shown.chat.locator('.row.own .bubble').allInnerTexts()).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('takes files, shows how far they are, lets go of one, and shows pictures that come back', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    const input = shown.chat.locator('input[type=file]')
    await input.setInputFiles([
      { name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${'x'.repeat(4_000)}`) },
      { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('not this one') },
    ])
    await shown.chat.getByRole('button', { name: 'Remove wrong.txt' }).click()
    await shown.chat.getByRole('button', { name: 'Remove receipt.pdf' }).waitFor()
    await input.setInputFiles([{ name: 'huge.bin', mimeType: '', buffer: Buffer.alloc(10 * 1024 * 1024 + 1) }])
    await shown.chat.getByText('huge.bin is too large').waitFor()
    await say(shown, 'my receipt')
    const conversationId = await ann.acceptNext()
    await shown.chat.getByRole('button', { name: 'Download receipt.pdf' }).waitFor()
    const form = new FormData()
    form.set('file', new Blob([png]), 'tin.png')
    const sent = await fetch(`${hub.url}/api/v1/files`, {
      method: 'POST',
      headers: apiOf(hub, centre.agent('ann')).credentials,
      body: form,
    })
    const { id: fileId } = (await sent.json()) as { id: string }
    await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'file', fileId }] })
    await shown.chat.getByRole('button', { name: 'Open picture tin.png' }).click()
    await shown.chat.getByRole('button', { name: 'Close picture' }).click()
    const { messages } = await factsOf(hub, centre.webchatInboxId)
    expect(messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'media' ? [part.name] : [])))).toEqual([
      'receipt.pdf',
      'tin.png',
    ])
    expect(shown.complaints).toEqual([])
  })

  it('refuses a text over the limit and says by how much', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await shown.chat.locator('textarea').fill('字'.repeat(10_012))
    await shown.chat.getByText('12 characters too many').waitFor()
    await shown.chat.locator('textarea').press('Enter')
    expect(await shown.chat.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    expect(await stored()).toEqual([])
  })
})

describe('before the first word', () => {
  const labels = { en: 'Which <b>order</b>?', 'zh-TW': '哪一筆訂單？', 'zh-CN': '哪一笔订单？', ja: 'ご注文番号' }
  const preChat = {
    fields: [
      { key: 'name', type: 'name' as const, label: {}, required: true, options: [] },
      { key: 'order', type: 'text' as const, label: labels, required: false, options: [] },
    ],
    intro: {},
  }
  const consent = { version: '1', text: { en: 'Keep what I write.', 'zh-TW': '同意保存', 'zh-CN': '同意保存', ja: '保存に同意します' } }
  const asking = async () => {
    await begin()
    await updateInbox(hub.ctx, systemViewer, centre.webchatInboxId, { config: { allowedOrigins: [site.origin], preChat, consent } })
  }

  it.each([
    ['en-US', 'light'],
    ['zh-TW', 'dark'],
    ['zh-CN', 'light'],
    ['ja-JP', 'dark'],
  ] as const)('a person fills in a form in %s, %s, and axe finds no fault with it', async (locale, colorScheme) => {
    await asking()
    const shown = await show({ ...desk, locale, colorScheme })
    await launcher(shown.page).click()
    await shown.chat.locator('form.intro').waitFor()
    expect(await shown.chat.locator('form.intro b').count()).toBe(0)
    await shown.chat.locator('form.intro button[type=submit]').click()
    await shown.chat.locator('.fault[role=alert]').first().waitFor()
    expect(await shown.chat.locator('.fault[role=alert]').count()).toBe(3)
    expect(await faults(frameOf(shown.page))).toEqual([])
    expect(await stored()).toEqual([])
    await shown.chat.locator('input[name=name]').fill('<img src=x onerror=alert(1)>')
    await shown.chat.locator('textarea[name=message]').fill('hello')
    await shown.chat.locator('input[name=consent]').check()
    await shown.chat.locator('form.intro button[type=submit]').click()
    await until('it is stored', async () => (await stored()).length === 1)
    await shown.chat.locator('form.composer').waitFor()
    await shown.chat.locator('.answers dd').getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await shown.chat.locator('img').count()).toBe(0)
    await shown.chat.locator('header button[aria-haspopup=dialog]').click()
    await shown.chat.locator('dialog.menu[open]').waitFor()
    await frameOf(shown.page).evaluate('Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => 0)')
    expect(await faults(frameOf(shown.page))).toEqual([])
    expect(shown.complaints).toEqual([])
  })

  it('who is forgotten on a device leaves nothing there, in any window', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'CANARY of mine')
    await until('it is stored', async () => (await stored()).length === 1)
    const second = await shown.page.context().newPage()
    await second.goto(site.origin)
    await until('the second window shows it, too', async () => (await second.frameLocator('iframe').getByText('CANARY').count()) > 0)
    await shown.page.evaluate('Onequeue.logout()')
    await until('it is gone from both', async () => {
      const [here, there] = [shown.chat, second.frameLocator('iframe')]
      return (await here.getByText('CANARY').count()) === 0 && (await there.getByText('CANARY').count()) === 0
    })
    await say(shown, 'somebody else')
    await until('it is another conversation', async () => {
      const { messages } = await factsOf(hub, centre.webchatInboxId)
      return new Set(messages.map(({ conversationId }) => conversationId)).size === 2
    })
  })
})

describe('for everybody', () => {
  it('works by keyboard alone, round and round inside the panel, and gives the focus back', async () => {
    await begin()
    const shown = await show()
    await launcher(shown.page).waitFor()
    await shown.page.keyboard.press('Tab')
    await shown.page.keyboard.press('Tab')
    await shown.page.keyboard.press('Enter')
    await shown.chat.locator('textarea').waitFor()
    await until('the field has the focus', () => frameOf(shown.page).evaluate("document.activeElement?.tagName === 'TEXTAREA'"))
    await shown.page.keyboard.type('by keyboard')
    await shown.page.keyboard.press('Enter')
    await until('it is stored', async () => (await stored()).length === 1)
    const stops = new Set<string>()
    for (let n = 0; n < 8; n += 1) {
      await shown.page.keyboard.press('Tab')
      stops.add(
        await frameOf(shown.page).evaluate<string>("document.hasFocus() ? document.activeElement?.getAttribute('aria-label') : 'outside'"),
      )
    }
    expect(stops).toEqual(new Set(['Attach a file', 'Close chat', 'Conversation', 'Message', 'More']))
    await shown.page.keyboard.press('Escape')
    await until('the button has the focus', () =>
      shown.page.evaluate<boolean>("document.querySelector('onequeue-chat').shadowRoot.activeElement?.className.includes('button')"),
    )
    expect(await launcher(shown.page).getAttribute('aria-expanded')).toBe('false')
  })

  it.each([
    ['light', desk, 'light'],
    ['dark', desk, 'dark'],
    ['on a phone', phone, 'light'],
    ['on a phone, dark', phone, 'dark'],
  ] as const)('has no fault that axe finds: %s', async (_what, options, colorScheme) => {
    await begin()
    const shown = await show({ ...options, colorScheme })
    await open(shown)
    await say(shown, 'hello https://shop.example')
    const conversationId = await ann.acceptNext()
    await answer(conversationId, 'good morning')
    await shown.chat.getByText('good morning').waitFor()
    await shown.chat.locator('input[type=file]').setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') }])
    await shown.chat.locator('.chip small').waitFor()
    // Bubbles fade in; half-faded text has less contrast than it will have.
    await frameOf(shown.page).evaluate('Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => 0)')
    expect(await faults(frameOf(shown.page))).toEqual([])
    expect(await faults(shown.page.mainFrame())).toEqual([])
  })

  it('fills a phone’s screen, in the phone’s language', async () => {
    await begin()
    const shown = await show(phone)
    await open(shown)
    const panel = await until('the panel has opened', async () => {
      const box = await shown.page.locator('onequeue-chat .panel').boundingBox()
      return box !== null && box.y === 0 ? box : null
    })
    expect(panel).toEqual({ x: 0, y: 0, width: 390, height: 844 })
    expect(await frameOf(shown.page).evaluate('[document.documentElement.lang, document.documentElement.scrollWidth]')).toEqual([
      'zh-TW',
      390,
    ])
    expect(await shown.chat.locator('textarea').getAttribute('placeholder')).toBe('輸入訊息')
    expect(await launcher(shown.page).isVisible()).toBe(false)
    await shown.chat.getByRole('button', { name: '關閉對話' }).click()
    await launcher(shown.page).waitFor()
  })

  it('reads new messages out, but not the history, and a burst as a number', async () => {
    await begin()
    const shown = await show()
    await open(shown)
    await say(shown, 'hello')
    const conversationId = await ann.acceptNext()
    const log = shown.chat.getByRole('log')
    await until(
      'it is ready',
      async () => (await log.getAttribute('aria-busy')) === 'false' && (await log.getAttribute('aria-live')) === 'polite',
    )
    await Promise.all(Array.from({ length: 6 }, (_, n) => answer(conversationId, `burst ${n}`)))
    await until('the burst is told as a number', async () =>
      /\d new messages/.test(await shown.chat.locator('p.visually-hidden[role=status]').innerText()),
    )
    expect(await log.getAttribute('aria-live')).toBe('off')
    await until('the log speaks again', async () => (await log.getAttribute('aria-live')) === 'polite')
  })

  it('holds still where motion is not wanted', async () => {
    await begin()
    const shown = await show({ ...desk, reducedMotion: 'reduce' })
    await open(shown)
    await say(shown, 'hello')
    await shown.chat.getByText('hello').first().waitFor()
    const long = await frameOf(shown.page).evaluate(
      'document.getAnimations().filter((animation) => Number(animation.effect?.getTiming().duration) > 1).length',
    )
    expect(long).toBe(0)
    const button = "document.querySelector('onequeue-chat').shadowRoot.querySelector('.button')"
    expect(await shown.page.evaluate(`getComputedStyle(${button}).transitionDuration`)).toBe('0s')
  })
})
