import { useEffect, useState } from 'preact/hooks'
import { useChat, useChatState } from '../context.ts'
import type { TextKey } from '../i18n.ts'
import { Icon } from './icons.tsx'

/** A short loss of the line is not worth a word. */
const graceMs = 1_500

/** Says so when the line is down, and what that means for what one writes. */
export function Banner() {
  const { client, language } = useChat()
  const link = useChatState((state) => state.link)
  const busy = useChatState((state) => state.busy)
  const online = useOnline()
  const late = useLater(link === 'lost' || link === 'connecting' || !online, graceMs)
  const key: TextKey | null = link === 'refused' ? 'unavailable' : late ? (online ? 'reconnecting' : 'offline') : busy ? 'errorBusy' : null
  return (
    <div class="banner-place" role="status">
      {key !== null && (
        <div class="banner">
          <Icon name="alert" size={16} />
          <span>{language.text(key)}</span>
          {key === 'unavailable' && (
            <button type="button" class="link" onClick={() => client.reconnect()}>
              {language.text('reload')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const follow = () => setOnline(navigator.onLine)
    addEventListener('online', follow)
    addEventListener('offline', follow)
    return () => {
      removeEventListener('online', follow)
      removeEventListener('offline', follow)
    }
  }, [])
  return online
}

/** True once `now` has held for so long. */
function useLater(now: boolean, delayMs: number): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!now) {
      setLate(false)
      return
    }
    const timer = setTimeout(() => setLate(true), delayMs)
    return () => clearTimeout(timer)
  }, [now, delayMs])
  return late
}
