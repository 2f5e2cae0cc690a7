import { type FromChat, type FromPage, packFrame, readFromPage } from '../shared/frame-protocol.ts'

/** The line to the page around the chat; without one nothing is sent and the chat counts as shown. */
export interface Bridge {
  readonly framed: boolean
  tell(message: FromChat): void
  /** Calls `listener` with what the page around the chat says. */
  onPage(listener: (message: FromPage) => void): void
}

/**
 * Connects to the page of that origin. Messages go to it alone: should another page have framed us under its name, the browser
 * delivers nothing.
 */
export function openBridge(parentOrigin: string | null): Bridge {
  if (parentOrigin === null) return { framed: false, tell: () => undefined, onPage: () => undefined }
  return {
    framed: true,
    tell: (message) => window.parent.postMessage(packFrame(message), parentOrigin),
    onPage: (listener) => {
      addEventListener('message', (event) => {
        if (event.origin !== parentOrigin || event.source !== window.parent) return
        const message = readFromPage(event.data)
        if (message !== null) listener(message)
      })
    },
  }
}
