import { sanitizeText } from '../../lib/sanitize-text.ts'
import type { VisitorPage } from '../../wire/visitor-profile.ts'
import type { WebchatConfig } from '../../wire/webchat.ts'

/** As much of the page around the chat as its owner lets agents see; null when that is nothing, or it is no web page. */
export function shownPage(rule: WebchatConfig['pageAddress'], page: VisitorPage | undefined): VisitorPage | null {
  if (rule === 'off' || page === undefined || !URL.canParse(page.url)) return null
  const url = new URL(page.url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  const shown = `${url.origin}${url.pathname}${rule === 'query' ? url.search : ''}`
  return { url: shown.slice(0, 500), title: sanitizeText(page.title).trim() }
}
