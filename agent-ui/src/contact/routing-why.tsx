import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useMe, useNewestOffer, useQueue } from '../live/use-things.ts'
import { useWhyWords } from '../offers/why-words.ts'
import css from './contact-panel.module.css'

/** Why the conversation came to whom it came, where this console has heard of its offer. */
export function RoutingWhy({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const me = useMe().agent.id
  const offer = useNewestOffer(conversation.id)
  const queue = useQueue(conversation.queueId)
  const words = useWhyWords()
  if (offer === undefined) return null
  const why = words(offer.why, offer.agentId === me)
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h4>{t('panel.why')}</h4>
      </div>
      <p>{why.chosen}</p>
      <ul className={css.why}>
        {queue && <li>{t('why.place', { queue: queue.name, priority: offer.why.order.priority })}</li>}
        {why.others.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}
