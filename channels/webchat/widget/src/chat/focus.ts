const focusable =
  'a[href], button:not(:disabled), textarea:not(:disabled), input:not(:disabled):not([type="file"]), audio[controls], video[controls], [tabindex="0"]'

/** Keeps the tabulator key inside, going round; an open dialog keeps its own. @returns a function that ends it. */
export function keepFocus(root: HTMLElement): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Tab' || root.querySelector('dialog[open]') !== null || document.documentElement.dataset['framed'] !== 'true') return
    const stops = [...root.querySelectorAll<HTMLElement>(focusable)].filter((stop) => stop.checkVisibility?.() ?? true)
    const [first, last] = [stops[0], stops.at(-1)]
    const from = event.shiftKey ? first : last
    const to = event.shiftKey ? last : first
    if (document.activeElement !== from && root.contains(document.activeElement)) return
    event.preventDefault()
    to?.focus()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

/** Calls `leave` on the Escape key, unless it closes a dialog or ends what an input method composes. @returns a function that ends it. */
export function onEscape(root: HTMLElement, leave: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229 || root.querySelector('dialog[open]') !== null) return
    leave()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
