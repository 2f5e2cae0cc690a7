import { useEffect, useRef, useState } from 'preact/hooks'
import { useChat, useChatState } from './context.ts'
import { keepFocus, onEscape } from './focus.ts'
import { Banner } from './parts/banner.tsx'
import { Foot } from './parts/foot.tsx'
import { Header } from './parts/header.tsx'
import { Log } from './parts/log.tsx'
import { paint } from './scheme.ts'

/** The whole chat. */
export function App() {
  const { bridge } = useChat()
  const root = useRef<HTMLElement>(null)
  const shown = useShown()
  usePageAround()
  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), [])
  useEffect(() => (root.current === null ? undefined : onEscape(root.current, () => bridge.tell({ type: 'close' }))), [bridge])
  return (
    <main class="chat" ref={root}>
      <Header />
      <Banner />
      <Log shown={shown} />
      <Foot shown={shown} />
    </main>
  )
}

/** Whether the chat is on the screen: the panel is open and the window is in front. */
function useShown(): boolean {
  const { bridge, client } = useChat()
  const [open, setOpen] = useState(!bridge.framed)
  const [visible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    bridge.onPage((message) => {
      if (message.type === 'shown') setOpen(message.open)
      if (message.type === 'page') client.noteAround({ url: message.url, title: message.title })
      if (message.type === 'identify') client.account.identify(message.proof)
      if (message.type === 'logout') void client.account.logOut()
    })
    const follow = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', follow)
    return () => document.removeEventListener('visibilitychange', follow)
  }, [bridge, client])
  return open && visible
}

/** Tells the page around us what it needs: that we are here, what was not seen, that a conversation has begun. */
function usePageAround(): void {
  const { bridge, language } = useChat()
  const inbox = useChatState((state) => state.inbox)
  const unseen = useChatState((state) => state.unseen)
  const started = useChatState((state) => state.thread.state.conversationId !== null)
  useEffect(() => {
    if (inbox === null) return
    paint(inbox.color)
    document.title = language.text('title', { name: inbox.name })
    bridge.tell({ type: 'ready', color: inbox.color, name: inbox.name })
  }, [bridge, inbox, language])
  useEffect(() => {
    bridge.tell({ type: 'unread', count: unseen })
    if (!bridge.framed && inbox !== null)
      document.title = `${unseen > 0 ? `(${unseen}) ` : ''}${language.text('title', { name: inbox.name })}`
  }, [bridge, unseen, inbox, language])
  useEffect(() => {
    if (started) bridge.tell({ type: 'started' })
  }, [bridge, started])
}
