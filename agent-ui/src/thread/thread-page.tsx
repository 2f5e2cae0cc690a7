import { lazy, Suspense, useState } from 'react'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { usePreferences } from '../app/preferences.ts'
import { Composer } from '../composer/composer.tsx'
import { takeBack } from '../composer/take-back.ts'
import { ContactPanel } from '../contact/contact-panel.tsx'
import { useMe } from '../live/use-things.ts'
import { MessageList } from './message-list.tsx'
import css from './thread.module.css'
import { ThreadHeader } from './thread-header.tsx'
import { useNarrow } from './use-narrow.ts'

const WrapUpPanel = lazy(async () => ({ default: (await import('../wrap-up/wrap-up-panel.tsx')).WrapUpPanel }))

/** A conversation: its head, its messages, where to answer, and who the customer is. */
export function ThreadPage({ conversation }: { conversation: Conversation }) {
  const me = useMe()
  const preferred = usePreferences((p) => p.panelOpen)
  const choose = usePreferences((p) => p.choose)
  const narrow = useNarrow(1180)
  const [drawer, setDrawer] = useState(false)
  const panelShown = narrow ? drawer : preferred
  const togglePanel = () => (narrow ? setDrawer(!drawer) : choose({ panelOpen: !preferred }))
  const wrappingUp = conversation.status === 'wrap_up' && conversation.assigneeId === me.agent.id
  return (
    <div className={css.page}>
      <section className={css.middle}>
        <ThreadHeader conversation={conversation} panelShown={panelShown} onTogglePanel={togglePanel} />
        <MessageList conversation={conversation} onEdit={takeBack} />
        {wrappingUp ? (
          <Suspense>
            <WrapUpPanel conversation={conversation} />
          </Suspense>
        ) : (
          <Composer conversation={conversation} />
        )}
      </section>
      {panelShown && <ContactPanel conversation={conversation} overlay={narrow} onClose={togglePanel} />}
    </div>
  )
}
