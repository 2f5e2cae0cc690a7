import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { framePage } from './frame-page.ts'
import css from './mail.module.css'

const startHeight = 60
const maxHeight = 4_000

function looksOf() {
  const style = getComputedStyle(document.documentElement)
  const link = style.getPropertyValue('--accent-text').trim() || style.getPropertyValue('--accent').trim() || '#3b6fd4'
  return { colour: getComputedStyle(document.body).color, link, dark: document.documentElement.dataset['mantineColorScheme'] === 'dark' }
}

/**
 * A mail's HTML in a frame that runs no scripts, submits nothing and loads nothing from elsewhere. It shares the page's
 * origin only to be measured: without `allow-scripts` nothing in it can use that.
 */
export function MailFrame({ html, coloured, title }: { html: string; coloured: boolean; title: string }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(startHeight)
  const page = useMemo(() => framePage(html, coloured, looksOf()), [html, coloured])
  const observer = useRef<ResizeObserver | null>(null)
  useEffect(() => () => observer.current?.disconnect(), [])
  const watch = () => {
    const body = frame.current?.contentDocument?.body
    if (!body) return
    const measure = () => setHeight(Math.min(maxHeight, Math.ceil(body.getBoundingClientRect().height) + 2))
    observer.current?.disconnect()
    observer.current = new ResizeObserver(measure)
    observer.current.observe(body)
    measure()
  }
  return (
    <iframe
      ref={frame}
      className={css.frame}
      title={t('mail.frame', { subject: title })}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      srcDoc={page}
      style={{ height }}
      onLoad={watch}
    />
  )
}
