import { createContext } from 'preact'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Bridge } from './bridge.ts'
import type { ChatClient } from './client.ts'
import type { Language } from './i18n.ts'
import type { ChatState } from './state.ts'

/** What every part of the chat can reach. */
export interface ChatContext {
  readonly client: ChatClient
  readonly language: Language
  readonly bridge: Bridge
}

const Context = createContext<ChatContext | null>(null)

/** Gives the parts below it the chat. */
export const ChatProvider = Context.Provider

/** The chat around a part. */
export function useChat(): ChatContext {
  const chat = useContext(Context)
  if (chat === null) throw new Error('a part of the chat stands outside of it')
  return chat
}

/** A selection of the chat's state; the part is drawn again when it changes. */
export function useChatState<T>(select: (state: ChatState) => T): T {
  const { client } = useChat()
  const [value, setValue] = useState(() => select(client.state.get()))
  const latest = useRef(select)
  latest.current = select
  useEffect(() => {
    const update = () => setValue(() => latest.current(client.state.get()))
    update()
    return client.state.subscribe(update)
  }, [client])
  return value
}
