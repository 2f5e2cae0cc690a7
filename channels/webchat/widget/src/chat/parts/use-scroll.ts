import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** How near to the end counts as there, pixels. */
const nearPx = 48

/**
 * Follows the end of a growing list while the person is there, and keeps their place when earlier lines are put before it.
 * @param tail what may stand after the rows; a change of it is a change of height.
 */
export function useScroll(
  rows: readonly { readonly key: string }[],
  tail: unknown,
  shown: boolean,
): { box: RefObject<HTMLElement | null>; atEnd: boolean; toEnd: () => void } {
  const box = useRef<HTMLElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const following = useRef(true)
  const height = useRef(0)
  const firstKey = useRef<string | undefined>(undefined)

  const toEnd = () => {
    following.current = true
    setAtEnd(true)
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }
  useLayoutEffect(() => {
    const log = box.current
    if (log === null) return
    const grewAbove = firstKey.current !== undefined && rows[0]?.key !== firstKey.current
    if (following.current) log.scrollTop = log.scrollHeight
    else if (grewAbove) log.scrollTop += log.scrollHeight - height.current
    height.current = log.scrollHeight
    firstKey.current = rows[0]?.key
  }, [rows, tail])
  useEffect(() => {
    const log = box.current
    if (log === null) return
    const onScroll = () => {
      following.current = log.scrollHeight - log.scrollTop - log.clientHeight < nearPx
      setAtEnd(following.current)
    }
    // Pictures that arrive and keyboards that appear change the height without a scroll.
    const stay = () => {
      if (following.current) log.scrollTop = log.scrollHeight
      height.current = log.scrollHeight
    }
    const resized = new ResizeObserver(stay)
    resized.observe(log)
    log.addEventListener('scroll', onScroll, { passive: true })
    log.addEventListener('load', stay, true)
    return () => {
      resized.disconnect()
      log.removeEventListener('scroll', onScroll)
      log.removeEventListener('load', stay, true)
    }
  }, [])
  useEffect(() => {
    if (shown && following.current) toEnd()
  }, [shown])
  return { box, atEnd, toEnd }
}
