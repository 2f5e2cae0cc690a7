import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../src/wire/agents.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useFormat } from '../i18n/format.ts'
import { loadConversations } from '../live/load.ts'
import { useNow } from '../live/use-now.ts'
import { useConversations, useMay } from '../live/use-things.ts'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Chip } from '../parts/chip.tsx'
import { Failure } from '../parts/notice.tsx'
import { SlaChip } from '../parts/sla-chip.tsx'
import { TransferDialog } from '../thread/transfer-dialog.tsx'
import css from './supervisor.module.css'

function HeldRow({ conversation, onMove }: { conversation: Conversation; onMove: (() => void) | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(15_000)
  return (
    <li>
      <ChannelIcon channel={conversation.channel} />
      <Link to="/inbox/$view/$conversationId" params={{ view: 'open', conversationId: conversation.id }} className="cut">
        <bdi>{conversation.contact.name}</bdi>
      </Link>
      <Chip>{t(`status.${conversation.status}`)}</Chip>
      <SlaChip conversation={conversation} now={now} />
      <time className={css.none}>{format.ago(conversation.lastMessageAt, now)}</time>
      {onMove && (
        <Button variant="default" onClick={onMove}>
          {t('supervisor.move')}
        </Button>
      )}
    </li>
  )
}

/** What an agent holds at this moment, each of it movable to somebody else. */
export function HeldDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation()
  const mayMove = useMay('conversation.assign_any')
  const loaded = useQuery({
    queryKey: ['held', agent.id],
    queryFn: ({ signal }) => loadConversations({ view: 'open', assigneeId: agent.id }, undefined, signal),
    staleTime: 0,
  })
  const held = useConversations().filter((c) => c.assigneeId === agent.id && c.status !== 'resolved')
  const [moving, setMoving] = useState<Conversation | null>(null)
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('supervisor.heldBy', { name: agent.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {loaded.isError && <Failure error={loaded.error} onRetry={() => void loaded.refetch()} />}
      {loaded.isSuccess && held.length === 0 && <p>{t('supervisor.holdsNothing')}</p>}
      <ul className={css.held}>
        {held.map((c) => (
          <HeldRow key={c.id} conversation={c} onMove={mayMove ? () => setMoving(c) : null} />
        ))}
      </ul>
      {moving && <TransferDialog conversation={moving} onClose={() => setMoving(null)} />}
    </Modal>
  )
}
