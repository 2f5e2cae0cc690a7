import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneEntry, PhoneThread } from '../../../src/wire/sandbox.ts'
import { useFormat } from '../i18n/format.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Bubble } from './bubble.tsx'
import type { OnButton } from './card.tsx'
import css from './thread.module.css'

interface ThreadProps {
  /** Null until it is loaded. */
  readonly thread: PhoneThread | null
  readonly accountId: string
  readonly accountName: string
  readonly onUnsend: (messageId: string) => void
  readonly onQuote: (entry: PhoneEntry) => void
  readonly onAct: OnButton
}

/** Nearer to the end than this, the newest message stays in view. */
const followPx = 80

/** The chat, with days, read marks and the account's typing. */
export function Thread({ thread, accountId, accountName, onUnsend, onQuote, onAct }: ThreadProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const typing = useTyping(thread)
  const entries = thread?.entries ?? []
  const { box, content, atEnd, toEnd, onScroll } = useEnd(`${entries.at(-1)?.id ?? ''} ${typing}`)
  return (
    <div className={css.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard. */}
      <div ref={box} className={css.log} role="log" aria-label={t('phone.messages')} tabIndex={0} onScroll={onScroll}>
        <div ref={content}>
          {thread && entries.length === 0 && <p className={css.empty}>{t('phone.empty', { account: accountName })}</p>}
          {entries.map((entry, at) => (
            <div key={entry.id}>
              {!sameDay(entries[at - 1], entry) && <p className={css.day}>{format.day(entry.at, Date.now())}</p>}
              <Line
                entry={entry}
                first={entries[at - 1]?.from !== entry.from}
                accountId={accountId}
                accountName={accountName}
                onUnsend={onUnsend}
                onQuote={onQuote}
                onAct={onAct}
              />
            </div>
          ))}
          {typing && (
            <div className={css.typing} role="status" aria-label={t('phone.typing', { account: accountName })}>
              <i />
              <i />
              <i />
            </div>
          )}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className={css.newer} onClick={toEnd}>
          {t('phone.newer')} ↓
        </button>
      )}
    </div>
  )
}

function sameDay(a: PhoneEntry | undefined, b: PhoneEntry): boolean {
  return a !== undefined && new Date(a.at).toDateString() === new Date(b.at).toDateString()
}

/** Whether the account's loading animation is shown now, by the hub's clock. */
function useTyping(thread: PhoneThread | null): boolean {
  const leftMs = thread ? thread.typingUntil - thread.now : 0
  const [typing, setTyping] = useState(false)
  useEffect(() => {
    setTyping(leftMs > 0)
    if (leftMs <= 0) return
    const timer = setTimeout(() => setTyping(false), leftMs)
    return () => clearTimeout(timer)
  }, [leftMs])
  return typing
}

/** Keeps the end in view while the reader is there, also when pictures grow; otherwise says that there is more. */
function useEnd(newest: string) {
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const lastTop = useRef(0)
  const [atEnd, setAtEnd] = useState(true)
  const toEnd = useCallback((): void => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs because something newer has come.
  useLayoutEffect(() => {
    if (!following.current) setAtEnd(false)
  }, [newest])
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (following.current) toEnd()
    })
    for (const element of [box.current, content.current]) if (element) observer.observe(element)
    return () => observer.disconnect()
  }, [toEnd])
  const onScroll = (): void => {
    const element = box.current
    if (!element) return
    const { scrollTop, scrollHeight, clientHeight } = element
    // Only a reader scrolls upwards; the end also moves away when a picture grows.
    if (scrollTop < lastTop.current) following.current = false
    lastTop.current = scrollTop
    if (scrollHeight - scrollTop - clientHeight >= followPx) return
    following.current = true
    setAtEnd(true)
  }
  return { box, content, atEnd, toEnd, onScroll }
}

interface LineProps {
  readonly entry: PhoneEntry
  /** First of a row of messages from one side. */
  readonly first: boolean
  readonly accountId: string
  readonly accountName: string
  readonly onUnsend: (messageId: string) => void
  readonly onQuote: (entry: PhoneEntry) => void
  readonly onAct: OnButton
}

function Line({ entry, first, accountId, accountName, onUnsend, onQuote, onAct }: LineProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (entry.unsent) return <p className={css.unsent}>{t('phone.unsentByYou')}</p>
  const own = entry.from === 'customer'
  return (
    <article className={css.line} data-from={entry.from} data-first={first}>
      {!own && <span className={css.face}>{first && <Avatar id={accountId} name={accountName} size={32} />}</span>}
      <span className={css.said}>
        {entry.quote !== null && <span className={css.quote}>{entry.quote || t('phone.quotedGone')}</span>}
        <Bubble bubble={entry.bubble} own={own} onAct={onAct} />
      </span>
      <span className={css.facts}>
        {own && (
          <button type="button" className={css.unsend} onClick={() => onUnsend(entry.id)}>
            {t('phone.unsend')}
          </button>
        )}
        <button type="button" className={css.unsend} onClick={() => onQuote(entry)}>
          {t('phone.quote')}
        </button>
        {entry.counted !== null && <span>{t(entry.counted ? 'phone.counted' : 'phone.free')}</span>}
        {entry.read && <span>{t('phone.read')}</span>}
        {entry.delivery === 'waiting' && <span>{t('phone.waiting')}</span>}
        {entry.delivery === 'failed' && <span className={css.failed}>{t('phone.notTaken')}</span>}
        <time className="figures" dateTime={new Date(entry.at).toISOString()}>
          {format.time(entry.at)}
        </time>
      </span>
    </article>
  )
}
