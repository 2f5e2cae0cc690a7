import { useChat, useChatState } from '../context.ts'
import type { ChatState } from '../state.ts'
import { Composer } from './composer.tsx'
import { IntroForm } from './intro-form.tsx'

/** What stands below the conversation: the field to write in, or what has to come before it. */
export function Foot({ shown }: { shown: boolean }) {
  const { language } = useChat()
  const wanted = useChatState(wantedBefore)
  if (wanted === 'login') {
    return (
      <p class="before" role="status">
        {language.text('loginNeeded')}
      </p>
    )
  }
  return wanted === null ? <Composer shown={shown} /> : <IntroForm kind={wanted} shown={shown} />
}

/** What the inbox asks before the next word; null when it asks nothing, or has been told. */
export function wantedBefore(state: ChatState): 'login' | 'prechat' | 'away' | null {
  const { inbox, identified, service, thread, pending, consented, synced } = state
  if (inbox === null) return null
  if (inbox.identity === 'required' && !identified) return 'login'
  const { status } = thread.state
  if (!synced || pending.some(({ extra, failure }) => failure === null && extra?.some(({ type }) => type === 'form') === true)) return null
  // Who is being served goes on writing, also over closing time.
  if (service.mode !== 'open' && (status === 'none' || status === 'ended')) return 'away'
  const asksConsent = inbox.consent !== null && inbox.consent.version !== consented
  const asksForm = inbox.preChat !== null && inbox.preChat.fields.length > 0 && status === 'none'
  return asksConsent || asksForm ? 'prechat' : null
}
