import { type PageProof, readProof } from '../shared/frame-protocol.ts'
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
  /**
   * Says who the site's user is, with the proof that its server made: `{ id, hash }` or `{ jwt }`. Call it on each page, and again
   * when the user changes.
   */
  identify(proof: PageProof): void
  /** The user has logged out: the next one on this computer is somebody else. */
  logout(): void
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
  let pending: { readonly type: 'identify'; readonly proof: PageProof } | null = null

  const load = () => {
    if (frame !== null) return frame
    frame = createFrame(view.panel, settings, labels.panel, (message) => {
      if (message.type === 'ready') view.setColor(message.color)
      if (message.type === 'unread') count(message.count)
      if (message.type === 'started') remember(settings.inboxId)
      if (message.type === 'close') setOpen(false)
    })
    tellPage()
    if (pending !== null) frame.tell(pending)
    pending = null
    return frame
  }
  // Single-page shops change their address without a load; it is told whenever the visitor turns to the chat.
  const tellPage = () => frame?.tell({ type: 'page', url: location.href, title: titleWith(document.title, 0) })
  const count = (unread: number) => {
    view.setUnread(unread)
    document.title = titleWith(document.title, unread)
  }
  const setOpen = (now: boolean) => {
    if (now === open) return
    open = now
    const shown = load()
    tellPage()
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
    identify: (given) => {
      const proof = readProof(given)
      if (proof === null) return console.warn('Onequeue: identify needs { id, hash } or { jwt }.')
      // Only who has a conversation going, or opens the chat, is worth a request; the others are named when they do.
      if (frame === null && !isRemembered(settings.inboxId)) pending = { type: 'identify', proof }
      else load().tell({ type: 'identify', proof })
    },
    logout: () => {
      forget(settings.inboxId)
      pending = null
      load().tell({ type: 'logout' })
    },
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

function forget(inboxId: string): void {
  try {
    localStorage.removeItem(startedKey(inboxId))
  } catch {
    // Nothing was remembered then.
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
