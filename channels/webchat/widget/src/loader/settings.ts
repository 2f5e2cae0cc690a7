import type { Locale } from '../../../../../src/wire/words.ts'
import { pickLocale } from '../shared/locale.ts'

/** How a site wants its chat, from the attributes of the script element. */
export interface LoaderSettings {
  /** Our own origin: where the script came from. */
  readonly origin: string
  readonly inboxId: string
  readonly locale: Locale
  /** Side of the screen the button stands on. */
  readonly side: 'left' | 'right'
  /** `#rrggbb` until the chat tells its own. */
  readonly color: string
  readonly scheme: 'light' | 'dark' | 'auto'
}

const defaultColor = '#3a55b4'

/**
 * Reads `data-inbox` (needed), `data-locale`, `data-side`, `data-color` and `data-scheme`.
 * @returns null, with a warning for the site's developer, when the script cannot know what to show.
 */
export function readSettings(script: HTMLScriptElement | null): LoaderSettings | null {
  const inboxId = script?.dataset['inbox'] ?? ''
  if (script === null || !script.src || !/^[\w-]{1,64}$/.test(inboxId)) {
    console.warn('Onequeue: the script element of the chat needs data-inbox, the id of its inbox.')
    return null
  }
  const { side, color = '', scheme, locale } = script.dataset
  return {
    origin: new URL(script.src).origin,
    inboxId,
    locale: pickLocale([locale, ...navigator.languages]),
    side: side === 'left' ? 'left' : 'right',
    color: /^#[0-9a-f]{6}$/i.test(color) ? color : defaultColor,
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
  }
}
