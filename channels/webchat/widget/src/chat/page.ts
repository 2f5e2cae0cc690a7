import type { Locale } from '../../../../../src/wire/words.ts'
import { pickLocale } from '../shared/locale.ts'

/** Where and how the chat was opened. */
export interface PageSettings {
  readonly inboxId: string
  readonly locale: Locale
  readonly scheme: 'light' | 'dark' | 'auto'
  /** Origin of the page around us, as it names itself; null when the chat is a page of its own. */
  readonly parentOrigin: string | null
}

/** Reads the address: `/chat/<inbox>#parent=…&locale=…&scheme=…`. */
export function readPage(address: Location, framed: boolean, languages: readonly string[]): PageSettings {
  const about = new URLSearchParams(address.hash.slice(1))
  const parent = about.get('parent')
  const scheme = about.get('scheme')
  return {
    inboxId: decodeURIComponent(address.pathname.split('/')[2] ?? ''),
    locale: pickLocale([about.get('locale'), ...languages]),
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
    parentOrigin: framed && parent !== null && URL.canParse(parent) ? new URL(parent).origin : null,
  }
}
