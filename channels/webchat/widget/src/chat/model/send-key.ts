/** As much of a key press as decides whether it sends. */
export interface KeyPress {
  readonly key: string
  readonly keyCode: number
  readonly isComposing: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Safari ends a composition before the Enter that confirmed it arrives (WebKit bug 165004). */
const afterCompositionMs = 300

/**
 * Whether a key press sends: Enter, also with Ctrl or Cmd, but never with Shift or Alt, and never the one that confirms what an
 * input method has composed.
 * @param sinceCompositionMs milliseconds since the last composition ended; Infinity when none has.
 */
export function isSendKey(press: KeyPress, sinceCompositionMs: number, safari: boolean): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return false
  if (press.isComposing || press.keyCode === 229) return false
  return !safari || sinceCompositionMs > afterCompositionMs
}

/** Whether this is Safari, or another browser on its engine (every browser of iOS). */
export function isSafari(userAgent: string): boolean {
  return /AppleWebKit/.test(userAgent) && !/Chrome|Chromium|Android/.test(userAgent)
}
