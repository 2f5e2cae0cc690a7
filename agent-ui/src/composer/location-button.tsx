import { ActionIcon } from '@mantine/core'
import { MapPin } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocationPart } from '../../../src/wire/messages.ts'

const LocationDialog = lazy(async () => ({ default: (await import('./location-dialog.tsx')).LocationDialog }))

/** Opens the question for a place; the place is sent at once. */
export function LocationButton({ onSend }: { onSend: (part: LocationPart) => void }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ActionIcon aria-label={t('location.open')} onClick={() => setOpened(true)}>
        <MapPin size={18} />
      </ActionIcon>
      <Suspense>{opened && <LocationDialog onSend={onSend} onClose={() => setOpened(false)} />}</Suspense>
    </>
  )
}
