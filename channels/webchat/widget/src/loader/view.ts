import { inkOn } from '../shared/contrast.ts'
import { badgeText } from './badge.ts'
import type { Labels } from './labels.ts'
import type { LoaderSettings } from './settings.ts'
import { style } from './style.ts'

/** What the loader puts on the page, and how it is changed. */
export interface View {
  /** The one element on the page; everything is in its shadow. */
  readonly host: HTMLElement
  readonly button: HTMLButtonElement
  readonly panel: HTMLElement
  setOpen(open: boolean): void
  setUnread(count: number): void
  setColor(color: string): void
}

const svgSpace = 'http://www.w3.org/2000/svg'
const icons = {
  chat: 'M20 12.2c0 4-3.7 7.2-8.2 7.2-1.2 0-2.4-.2-3.4-.6L4 20l1.3-3.5A6.7 6.7 0 0 1 3.6 12.2C3.6 8.2 7.3 5 11.8 5S20 8.2 20 12.2z',
  shut: 'M6 9.5l6 6 6-6',
} as const

/** Builds the button and the (empty) panel; nothing of it is written as HTML, so the site's policies do not matter. */
export function createView(settings: LoaderSettings, labels: Labels): View {
  const host = document.createElement('onequeue-chat')
  host.lang = settings.locale
  const root = host.attachShadow({ mode: 'open' })
  applyStyle(root)
  const button = element('button', `button ${settings.side}`)
  const badge = element('span', 'badge')
  const panel = element('div', `panel ${settings.side}`)
  button.type = 'button'
  button.setAttribute('aria-haspopup', 'dialog')
  badge.hidden = true
  button.append(icon('chat'), icon('shut'), badge)
  panel.setAttribute('role', 'dialog')
  panel.setAttribute('aria-label', labels.panel)
  panel.classList.toggle('dark', isDark(settings.scheme))
  root.append(panel, button)

  let unread = 0
  let open = false
  const describe = () => {
    button.setAttribute('aria-expanded', String(open))
    button.setAttribute('aria-label', open ? labels.close : labels.openWith(unread))
    badge.hidden = open || unread === 0
    badge.textContent = badgeText(unread)
  }
  const setColor = (color: string) => {
    host.style.setProperty('--accent', color)
    host.style.setProperty('--ink', inkOn(color))
  }
  describe()
  setColor(settings.color)
  return {
    host,
    button,
    panel,
    setOpen: (now) => {
      open = now
      for (const part of [button, panel]) part.classList.toggle('opened', now)
      describe()
    },
    setUnread: (count) => {
      unread = count
      describe()
    },
    setColor,
  }
}

function isDark(scheme: LoaderSettings['scheme']): boolean {
  return scheme === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : scheme === 'dark'
}

/** Constructed style sheets are no inline styles to a content policy; the element is for browsers without them. */
function applyStyle(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    return
  }
  const inline = document.createElement('style')
  inline.textContent = style
  root.append(inline)
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  made.className = className
  return made
}

function icon(name: keyof typeof icons): SVGSVGElement {
  const svg = document.createElementNS(svgSpace, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', name)
  const path = document.createElementNS(svgSpace, 'path')
  path.setAttribute('d', icons[name])
  svg.append(path)
  return svg
}
