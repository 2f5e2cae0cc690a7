import { ActionIcon } from '@mantine/core'
import { LayoutTemplate } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '../../../src/wire/inboxes.ts'
import type { OutgoingPart } from '../../../src/wire/messages.ts'

const RichDialog = lazy(async () => ({ default: (await import('./rich-dialog.tsx')).RichDialog }))

/** Opens the making of cards and suggested answers; what is made there is sent at once. */
export function RichButton(props: { capabilities: Capabilities; onSend: (parts: readonly OutgoingPart[]) => void }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ActionIcon aria-label={t('rich.open')} onClick={() => setOpened(true)}>
        <LayoutTemplate size={18} />
      </ActionIcon>
      <Suspense>
        {opened && <RichDialog capabilities={props.capabilities} onSend={props.onSend} onClose={() => setOpened(false)} />}
      </Suspense>
    </>
  )
}
