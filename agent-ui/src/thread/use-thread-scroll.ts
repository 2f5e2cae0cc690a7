import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const nearPx = 48

/** Whether a scroller stands at its end, within a line or two. */
export function isAtEnd(el: Pick<HTMLElement, 'scrollHeight' | 'scrollTop' | 'clientHeight'>): boolean {
  return el.scrollHeight - el.scrollTop - el.clientHeight < nearPx
}

/**
 * Keeps a thread at its newest message while the reader is there, and where the reader is while older
 * messages are put above.
 * @param firstKey identity of the topmost row; its change means that something was put above
 * @param lastKey identity of the last row; its change means that something came
 */
export function useThreadScroll(scroller: RefObject<HTMLElement | null>, firstKey: string, lastKey: string) {
  const [atEnd, setAtEnd] = useState(true)
  const held = useRef({ first: firstKey, last: lastKey, height: 0, atEnd: true })
  useLayoutEffect(() => {
    const el = scroller.current
    if (el === null) return
    const { first, height, atEnd: stick } = held.current
    if (stick) el.scrollTop = el.scrollHeight
    else if (first !== firstKey && height > 0) el.scrollTop += el.scrollHeight - height
    held.current = { first: firstKey, last: lastKey, height: el.scrollHeight, atEnd: stick }
  }, [scroller, firstKey, lastKey])
  useEffect(() => {
    const el = scroller.current
    if (el === null) return
    const inner = el.firstElementChild
    // Pictures that load late make the thread longer after it was drawn.
    const grown = new ResizeObserver(() => {
      if (held.current.atEnd) el.scrollTop = el.scrollHeight
      held.current.height = el.scrollHeight
    })
    if (inner) grown.observe(inner)
    grown.observe(el)
    return () => grown.disconnect()
  }, [scroller])
  const onScroll = useCallback(() => {
    const el = scroller.current
    if (el === null) return
    held.current.atEnd = isAtEnd(el)
    held.current.height = el.scrollHeight
    setAtEnd(held.current.atEnd)
  }, [scroller])
  const toEnd = useCallback(() => {
    const el = scroller.current
    if (el === null) return
    held.current.atEnd = true
    el.scrollTop = el.scrollHeight
    setAtEnd(true)
  }, [scroller])
  return { atEnd, onScroll, toEnd }
}
