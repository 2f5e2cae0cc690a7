import { type CompositionEvent, type KeyboardEvent, useCallback, useMemo, useRef } from 'react'

/** Time after a composition ends during which Safari still reports the confirming Enter as a plain one. */
export const safariGraceMs = 300

/** Which press sends: Enter alone (Shift+Enter breaks the line), or Ctrl/Cmd+Enter. */
export type SendKey = 'enter' | 'mod_enter'

/** The facts of a key press that decide whether it belongs to the input method or to us. */
export interface KeyFacts {
  readonly key: string
  readonly keyCode: number
  readonly isComposing: boolean
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  /** Time since the last composition ended, ms; null when there was none. */
  readonly sinceCompositionMs: number | null
  readonly safari: boolean
}

/**
 * True while a press belongs to an input method. Safari fires `compositionend` before the confirming
 * keydown, so there `isComposing` is already false and only `keyCode` 229, or the short time since, tells
 * (WebKit bug 165004); some Chinese input methods behave so under Chromium too, with 229.
 */
export function isImePress(facts: Pick<KeyFacts, 'keyCode' | 'isComposing' | 'sinceCompositionMs' | 'safari'>): boolean {
  if (facts.isComposing || facts.keyCode === 229) return true
  return facts.safari && facts.sinceCompositionMs !== null && facts.sinceCompositionMs < safariGraceMs
}

/** True when this press means "send". */
export function isSendPress(facts: KeyFacts, sendKey: SendKey): boolean {
  if (facts.key !== 'Enter' || isImePress(facts) || facts.altKey) return false
  const mod = facts.ctrlKey || facts.metaKey
  if (sendKey === 'mod_enter') return mod && !facts.shiftKey
  return !facts.shiftKey
}

/** True for Safari on any of Apple's systems, whose composition events come in another order. */
export function isSafari(agent: string): boolean {
  return /AppleWebKit/.test(agent) && !/Chrom(e|ium)|Edg|OPR|Android/.test(agent)
}

/** What a text field spreads onto itself to tell input methods from sending. */
export interface SendKeyProps {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onCompositionStart: () => void
  readonly onCompositionEnd: (event: CompositionEvent<HTMLElement>) => void
}

/**
 * The one way in which a text field of the console sends on Enter; used by the composer and every
 * field that acts on Enter. The event's own time stamps are compared, not the wall clock.
 */
export function useSendKey(onSend: () => void, sendKey: SendKey = 'enter'): SendKeyProps {
  const endedAt = useRef<number | null>(null)
  const safari = useMemo(() => isSafari(navigator.userAgent), [])
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const { key, keyCode, shiftKey, ctrlKey, metaKey, altKey, nativeEvent } = event
      const sinceCompositionMs = endedAt.current === null ? null : event.timeStamp - endedAt.current
      const facts = { key, keyCode, shiftKey, ctrlKey, metaKey, altKey, isComposing: nativeEvent.isComposing, sinceCompositionMs, safari }
      if (!isSendPress(facts, sendKey)) return
      event.preventDefault()
      onSend()
    },
    [onSend, sendKey, safari],
  )
  return useMemo(
    () => ({
      onKeyDown,
      onCompositionStart: () => {
        endedAt.current = null
      },
      onCompositionEnd: (event: CompositionEvent<HTMLElement>) => {
        endedAt.current = event.timeStamp
      },
    }),
    [onKeyDown],
  )
}
