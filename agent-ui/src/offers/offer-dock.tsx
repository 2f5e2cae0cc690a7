import { useTranslation } from 'react-i18next'
import { useAwaitingMe, usePageTitle } from '../app/use-page-title.ts'
import { usePendingOffers } from '../live/use-things.ts'
import { OfferCard, OfferLine } from './offer-card.tsx'
import css from './offers.module.css'
import { useRinging } from './use-ringing.ts'

const linesShown = 3

/** The offers that wait for an answer, above everything but never over the composer. */
export function OfferDock() {
  const { t } = useTranslation()
  const offers = usePendingOffers()
  useRinging(offers.length > 0)
  const first = offers[0]
  usePageTitle(useAwaitingMe(), first ? t('offer.title', { name: first.conversation.contact.name }) : null)
  if (first === undefined) return null
  const hidden = Math.max(0, offers.length - 1 - linesShown)
  return (
    <div className={css.dock}>
      <OfferCard key={first.id} offer={first} />
      {offers.slice(1, 1 + linesShown).map((offer) => (
        <OfferLine key={offer.id} offer={offer} />
      ))}
      {hidden > 0 && <span className={css.more}>{t('offer.more', { count: hidden })}</span>}
    </div>
  )
}
