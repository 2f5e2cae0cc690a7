import { useEffect, useRef } from 'react'
import { usePreferences } from '../app/preferences.ts'

/** Letter keys by the place of the key, so that they work in layouts without Latin letters; `?` and `/` by what they write. */
export type Shortcut = 'KeyJ' | 'KeyK' | 'KeyR' | 'KeyN' | 'KeyE' | 'KeyZ' | 'Slash' | 'Question'

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Which shortcut a press means, if any: none while writing, composing, or with a modifier; none behind a dialog. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return null
  if (isWriting(event.target) || event.defaultPrevented) return null
  if (event.key === '?') return 'Question'
  if (event.key === '/') return 'Slash'
  if (event.shiftKey) return null
  const codes: readonly string[] = ['KeyJ', 'KeyK', 'KeyR', 'KeyN', 'KeyE', 'KeyZ']
  return codes.includes(event.code) ? (event.code as Shortcut) : null
}

/** Acts on single-letter shortcuts while mounted. They can be turned off (WCAG 2.1.4). */
export function useShortcuts(acts: Partial<Record<Shortcut, () => void>>): void {
  const on = usePreferences((p) => p.shortcuts)
  const latest = useRef(acts)
  latest.current = acts
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent): void => {
      const shortcut = shortcutOf(event)
      const act = shortcut === null ? undefined : latest.current[shortcut]
      if (act === undefined || document.querySelector('[role="dialog"]') !== null) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [on])
}
