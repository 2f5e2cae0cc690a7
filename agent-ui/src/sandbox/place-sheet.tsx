import { MapPin } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PhoneAct } from '../../../src/wire/sandbox.ts'
import css from './composer.module.css'

const places = [
  { name: 'taipei', latitude: 25.033964, longitude: 121.564468 },
  { name: 'tokyo', latitude: 35.681236, longitude: 139.767125 },
  { name: 'bangkok', latitude: 13.730575, longitude: 100.541664 },
] as const

/** Places to send. */
export function PlaceSheet({ onPick }: { onPick: (act: PhoneAct) => void }) {
  const { t } = useTranslation()
  return (
    <ul className={css.places} aria-label={t('composer.places.title')}>
      {places.map(({ name, latitude, longitude }) => {
        const title = t(`composer.places.${name}.title`)
        const address = t(`composer.places.${name}.address`)
        return (
          <li key={name}>
            <button type="button" onClick={() => onPick({ act: 'location', latitude, longitude, title, address })}>
              <MapPin size={18} aria-hidden="true" />
              <span>
                <strong>{title}</strong>
                <span>{address}</span>
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
