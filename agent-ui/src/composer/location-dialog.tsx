import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocationPart } from '../../../src/wire/messages.ts'

interface Place {
  readonly title: string
  readonly address: string
  /** Empty text until a number has been entered. */
  readonly latitude: number | string
  readonly longitude: number | string
}

/** The part to send; null while a coordinate is missing. */
function partOf({ title, address, latitude, longitude }: Place): LocationPart | null {
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null
  const named = title.trim() === '' ? {} : { title: title.trim() }
  return { type: 'location', latitude, longitude, ...named, ...(address.trim() === '' ? {} : { address: address.trim() }) }
}

function Coordinate(props: { label: string; most: number; value: number | string; onChange: (value: number | string) => void }) {
  const { label, most, value, onChange } = props
  return (
    <NumberInput
      label={label}
      min={-most}
      max={most}
      decimalScale={6}
      hideControls
      required
      withAsterisk={false}
      value={value}
      onChange={onChange}
    />
  )
}

/** Asks for a place and sends it. */
export function LocationDialog({ onSend, onClose }: { onSend: (part: LocationPart) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [place, setPlace] = useState<Place>({ title: '', address: '', latitude: '', longitude: '' })
  const change = (changes: Partial<Place>) => setPlace({ ...place, ...changes })
  const part = partOf(place)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (part === null) return
    onSend(part)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('location.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="sm" component="form" onSubmit={submit}>
        <TextInput
          label={t('location.name')}
          maxLength={100}
          value={place.title}
          onChange={(e) => change({ title: e.currentTarget.value })}
        />
        <TextInput
          label={t('location.address')}
          maxLength={300}
          value={place.address}
          onChange={(e) => change({ address: e.currentTarget.value })}
        />
        <Group grow>
          <Coordinate label={t('location.latitude')} most={90} value={place.latitude} onChange={(latitude) => change({ latitude })} />
          <Coordinate label={t('location.longitude')} most={180} value={place.longitude} onChange={(longitude) => change({ longitude })} />
        </Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={part === null}>
            {t('composer.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
