import { type FromChat, type FromPage, packFrame, readFromChat } from '../shared/frame-protocol.ts'
import type { LoaderSettings } from './settings.ts'

/** The chat in its frame. */
export interface Frame {
  /** Tells the chat whether it is on the screen; remembered until it listens. */
  show(open: boolean): void
  /** Tells the chat something; the newest of each kind is remembered until it listens. */
  tell(message: Exclude<FromPage, { type: 'shown' }>): void
  focus(): void
  remove(): void
}

/** Loads the chat into `parent`; `hear` gets what it says, and only what it says. */
export function createFrame(parent: HTMLElement, settings: LoaderSettings, title: string, hear: (message: FromChat) => void): Frame {
  const frame = document.createElement('iframe')
  frame.title = title
  frame.allow = 'clipboard-write'
  const about = new URLSearchParams({ parent: location.origin, locale: settings.locale, scheme: settings.scheme })
  // After the #, so that no server log learns which page the visitor is on.
  frame.src = `${settings.origin}/chat/${encodeURIComponent(settings.inboxId)}#${about}`
  let ready = false
  let open = false
  const waiting = new Map<string, FromPage>()
  const post = (message: FromPage) => frame.contentWindow?.postMessage(packFrame(message), settings.origin)
  const listen = (event: MessageEvent) => {
    if (event.origin !== settings.origin || event.source !== frame.contentWindow) return
    const message = readFromChat(event.data)
    if (message === null) return
    if (message.type === 'ready') {
      ready = true
      for (const message of waiting.values()) post(message)
      waiting.clear()
      post({ type: 'shown', open })
    }
    hear(message)
  }
  addEventListener('message', listen)
  parent.append(frame)
  return {
    show: (now) => {
      open = now
      if (ready) post({ type: 'shown', open })
    },
    tell: (message) => {
      if (ready) post(message)
      else waiting.set(message.type === 'page' ? 'page' : 'user', message)
    },
    focus: () => frame.focus(),
    remove: () => {
      removeEventListener('message', listen)
      frame.remove()
    },
  }
}
