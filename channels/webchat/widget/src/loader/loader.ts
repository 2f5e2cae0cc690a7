import { titleWith } from './badge.ts'
import { createFrame, type Frame } from './frame.ts'
import { labelsIn } from './labels.ts'
import { type LoaderSettings, readSettings } from './settings.ts'
import { createView } from './view.ts'

/** What a site may do with its chat: the one global, `Onequeue`. */
export interface OnequeueApi {
  open(): void
  close(): void
  toggle(): void
  /** Takes the chat off the page; loading the script again brings it back. */
  destroy(): void
}

declare global {
  interface Window {
    Onequeue?: OnequeueApi
  }
}

/** Remembers, on the site, that this visitor has a conversation, so that answers reach a closed panel on every page. */
const startedKey = (inboxId: string) => `onequeue:${inboxId}:started`

function mount(settings: LoaderSettings): OnequeueApi {
  const labels = labelsIn(settings.locale)
  const view = createView(settings, labels)
  let frame: Frame | null = null
  let open = false

  const load = () => {
    frame ??= createFrame(view.panel, settings, labels.panel, (message) => {
      if (message.type === 'ready') view.setColor(message.color)
      if (message.type === 'unread') count(message.count)
      if (message.type === 'started') remember(settings.inboxId)
      if (message.type === 'close') setOpen(false)
    })
    return frame
  }
  const count = (unread: number) => {
    view.setUnread(unread)
    document.title = titleWith(document.title, unread)
  }
  const setOpen = (now: boolean) => {
    if (now === open) return
    open = now
    const shown = load()
    view.setOpen(now)
    shown.show(now)
    if (now) shown.focus()
    else view.button.focus({ preventScroll: true })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open && document.activeElement === view.host) setOpen(false)
  }

  // Any element of the site with this attribute opens the chat, without a line of script.
  const onClick = (event: Event) => {
    if (event.target instanceof Element && event.target.closest('[data-onequeue-open]') !== null) setOpen(true)
  }

  view.button.addEventListener('click', () => setOpen(!open))
  document.addEventListener('click', onClick)
  // The chat is fetched when it is about to be opened, not with every page.
  for (const hint of ['pointerenter', 'focus']) view.button.addEventListener(hint, load, { once: true })
  document.addEventListener('keydown', onKey)
  const stopFitting = fitKeyboard(view.host)
  const stopStaying = stay(view.host)
  if (isRemembered(settings.inboxId)) whenIdle(load)
  return {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!open),
    destroy: () => {
      count(0)
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('click', onClick)
      for (const stop of [stopFitting, stopStaying]) stop()
      frame?.remove()
      view.host.remove()
      delete window.Onequeue
    },
  }
}

/** Keeps the element on the page when a single-page application replaces the body or empties it. */
function stay(host: HTMLElement): () => void {
  const observer = new MutationObserver(() => attach())
  const attach = () => {
    if (document.body === null) return
    if (!host.isConnected) document.body.append(host)
    observer.observe(document.body, { childList: true })
  }
  observer.observe(document.documentElement, { childList: true })
  attach()
  return () => observer.disconnect()
}

/** On phones the keyboard covers the page; the full-screen panel takes the part that is left. */
function fitKeyboard(host: HTMLElement): () => void {
  const view = window.visualViewport
  if (!view) return () => undefined
  const fit = () => {
    host.style.setProperty('--height', `${view.height}px`)
    host.style.setProperty('--top', `${view.offsetTop}px`)
  }
  fit()
  for (const name of ['resize', 'scroll']) view.addEventListener(name, fit)
  return () => {
    for (const name of ['resize', 'scroll']) view.removeEventListener(name, fit)
  }
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 4_000 })
  else setTimeout(work, 1_500)
}

function remember(inboxId: string): void {
  try {
    localStorage.setItem(startedKey(inboxId), '1')
  } catch {
    // Storage may be switched off; the chat then waits until it is opened.
  }
}

function isRemembered(inboxId: string): boolean {
  try {
    return localStorage.getItem(startedKey(inboxId)) !== null
  } catch {
    return false
  }
}

// Loading the script twice, as page builders do, leaves the first chat alone.
if (window.Onequeue === undefined) {
  const settings = readSettings(document.currentScript instanceof HTMLScriptElement ? document.currentScript : null)
  if (settings !== null) window.Onequeue = mount(settings)
}
