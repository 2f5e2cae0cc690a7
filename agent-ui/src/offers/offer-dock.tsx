import { useTranslation } from 'react-i18next'
import { usePendingOffers } from '../live/use-things.ts'
import { OfferCard } from './offer-card.tsx'
import css from './offers.module.css'
import { useRinging, useTitleSign } from './use-ringing.ts'

/** The offers that wait for an answer, above everything but never over the composer. */
export function OfferDock() {
  const { t } = useTranslation()
  const offers = usePendingOffers()
  useRinging(offers.length > 0)
  const first = offers[0]
  useTitleSign(first ? t('offer.title', { name: first.conversation.contact.name }) : null)
  if (first === undefined) return null
  return (
    <div className={css.dock}>
      {offers.map((offer) => (
        <OfferCard key={offer.id} offer={offer} front={offer.id === first.id} />
      ))}
    </div>
  )
}
