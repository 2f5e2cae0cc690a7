import { useState } from 'preact/hooks'

const key = 'onequeue:draft'

/** The text being written. It lasts over a reload of this tab and no longer: it may be nobody else's business. */
export function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(read)
  const change = (next: string) => {
    setText(next)
    try {
      if (next === '') sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, next)
    } catch {
      // Without storage the draft lives as long as the page.
    }
  }
  return [text, change]
}

function read(): string {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
