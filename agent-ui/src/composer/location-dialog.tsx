import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocationPart } from '../../../src/wire/messages.ts'

/** Asks for a place and sends it. */
export function LocationDialog({ onSend, onClose }: { onSend: (part: LocationPart) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<{ title: string; address: string; latitude: number | string; longitude: number | string }>({
    title: '',
    address: '',
    latitude: '',
    longitude: '',
  })
  const complete = typeof form.latitude === 'number' && typeof form.longitude === 'number'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typeof form.latitude !== 'number' || typeof form.longitude !== 'number') return
    const { title, address, latitude, longitude } = form
    onSend({
      type: 'location',
      latitude,
      longitude,
      ...(title.trim() ? { title: title.trim() } : {}),
      ...(address.trim() ? { address: address.trim() } : {}),
    })
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('location.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t('location.name')}
            maxLength={100}
            value={form.title}
            onChange={(e) => setForm({ ...form, title: e.currentTarget.value })}
          />
          <TextInput
            label={t('location.address')}
            maxLength={300}
            value={form.address}
            onChange={(e) => setForm({ ...form, address: e.currentTarget.value })}
          />
          <Group grow>
            <NumberInput
              label={t('location.latitude')}
              min={-90}
              max={90}
              decimalScale={6}
              hideControls
              required
              withAsterisk={false}
              value={form.latitude}
              onChange={(latitude) => setForm({ ...form, latitude })}
            />
            <NumberInput
              label={t('location.longitude')}
              min={-180}
              max={180}
              decimalScale={6}
              hideControls
              required
              withAsterisk={false}
              value={form.longitude}
              onChange={(longitude) => setForm({ ...form, longitude })}
            />
          </Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={!complete}>
              {t('composer.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
