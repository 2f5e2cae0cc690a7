import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { AlarmClock, ArrowLeft, ArrowRightLeft, CheckCheck, Ellipsis, Mail, PanelRight, RotateCcw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { finishConversation, reopenConversation } from '../live/acts.ts'
import { useNow } from '../live/use-now.ts'
import { useAgent, useInbox, useMay, useMe, useQueue } from '../live/use-things.ts'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Chip } from '../parts/chip.tsx'
import { SlaChip } from '../parts/sla-chip.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './thread-header.module.css'
import { Viewers } from './viewers.tsx'

const SnoozeDialog = lazy(async () => ({ default: (await import('./snooze-dialog.tsx')).SnoozeDialog }))
const TransferDialog = lazy(async () => ({ default: (await import('./transfer-dialog.tsx')).TransferDialog }))

const ContinueDialog = lazy(async () => ({ default: (await import('./mail/continue-dialog.tsx')).ContinueDialog }))

type Dialog = 'transfer' | 'snooze' | 'mail' | null

function StatusChip({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(30_000)
  const assignee = useAgent(conversation.assigneeId)
  const me = useMe().agent.id
  const { status, snoozedUntil } = conversation
  const holder = assignee && (assignee.id === me ? t('thread.yours') : t('thread.heldBy', { name: assignee.name }))
  if (status === 'snoozed' && snoozedUntil !== null) return <Chip>{t('list.snoozed', { until: format.dateTime(snoozedUntil, now) })}</Chip>
  const tone = status === 'active' ? 'good' : status === 'resolved' ? 'plain' : 'accent'
  return (
    <>
      <Chip tone={tone}>{t(`status.${status}`)}</Chip>
      {holder && <Chip>{holder}</Chip>}
    </>
  )
}

function Names({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const now = useNow(15_000)
  const queue = useQueue(conversation.queueId)
  const inbox = useInbox(conversation.inboxId)
  return (
    <div className={css.names}>
      <h2 className={css.name}>
        <ChannelIcon channel={conversation.channel} size={16} />
        <bdi className="cut">{conversation.subject ?? conversation.contact.name}</bdi>
      </h2>
      <div className={css.facts}>
        <span className={css.where}>{[queue?.name, inbox?.name].filter(Boolean).join(' · ')}</span>
        <StatusChip conversation={conversation} />
        <SlaChip conversation={conversation} now={now} />
        {conversation.blocked && <Chip tone="bad">{t('list.blocked')}</Chip>}
      </div>
    </div>
  )
}

function useActs(conversation: Conversation) {
  const sentence = useSentence()
  const onError = (error: unknown) => tellFailure(sentence(error))
  const finish = useMutation({ mutationFn: () => finishConversation(conversation.id), onError })
  const reopen = useMutation({ mutationFn: () => reopenConversation(conversation.id), onError })
  return { finish, reopen }
}

function Acts({ conversation, onDialog }: { conversation: Conversation; onDialog: (dialog: Dialog) => void }) {
  const { t } = useTranslation()
  const me = useMe().agent.id
  const mayAssign = useMay('conversation.assign')
  const mayAssignAny = useMay('conversation.assign_any')
  const { finish, reopen } = useActs(conversation)
  const inbox = useInbox(conversation.inboxId)
  const mine = conversation.assigneeId === me
  const mayMove = (mine && mayAssign) || mayAssignAny
  const { status } = conversation
  const mayReply = useMay('conversation.reply')
  const mayMail = mine && mayReply && inbox !== undefined && inbox.capabilities.mail !== true
  const mayFinish = status === 'active' && (mine || mayAssignAny)
  const maySnooze = mayMove && status !== 'resolved' && status !== 'bot'
  useShortcuts({
    ...(mayFinish ? { KeyE: () => finish.mutate() } : {}),
    ...(maySnooze ? { KeyZ: () => onDialog('snooze') } : {}),
  })
  if (status === 'resolved') {
    return mayAssign ? (
      <Button variant="default" leftSection={<RotateCcw size={15} />} loading={reopen.isPending} onClick={() => reopen.mutate()}>
        {t('thread.reopen')}
      </Button>
    ) : null
  }
  return (
    <>
      {mayFinish && (
        <Button leftSection={<CheckCheck size={15} />} loading={finish.isPending} onClick={() => finish.mutate()}>
          {t('thread.finish')}
        </Button>
      )}
      {(mayMove || maySnooze || mayMail) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t('thread.more')}>
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {mayMove && (
              <Menu.Item leftSection={<ArrowRightLeft size={15} />} onClick={() => onDialog('transfer')}>
                {t('transfer.open')}
              </Menu.Item>
            )}
            {mayMail && (
              <Menu.Item leftSection={<Mail size={15} />} onClick={() => onDialog('mail')}>
                {t('continueByMail.open')}
              </Menu.Item>
            )}
            {maySnooze && (
              <Menu.Item leftSection={<AlarmClock size={15} />} onClick={() => onDialog('snooze')}>
                {t('snooze.open')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

/** Who and what a conversation is, how it stands, and what may be done with it. */
export function ThreadHeader(props: { conversation: Conversation; panelShown: boolean; onTogglePanel: () => void }) {
  const { t } = useTranslation()
  const { conversation } = props
  const { view = 'mine' } = useParams({ strict: false })
  const [dialog, setDialog] = useState<Dialog>(null)
  return (
    <header className={css.header}>
      <Link to="/inbox/$view" params={{ view }} search={(before) => before} className={css.back ?? ''} aria-label={t('thread.back')}>
        <ArrowLeft size={18} aria-hidden="true" />
      </Link>
      <Names conversation={conversation} />
      <div className={css.acts}>
        <Viewers conversationId={conversation.id} />
        <Acts conversation={conversation} onDialog={setDialog} />
        <Tooltip label={t('panel.toggle')}>
          <ActionIcon aria-label={t('panel.toggle')} aria-pressed={props.panelShown} onClick={props.onTogglePanel}>
            <PanelRight size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Suspense>
        {dialog === 'transfer' && <TransferDialog conversation={conversation} onClose={() => setDialog(null)} />}
        {dialog === 'mail' && <ContinueDialog conversation={conversation} onClose={() => setDialog(null)} />}
        {dialog === 'snooze' && <SnoozeDialog conversation={conversation} onClose={() => setDialog(null)} />}
      </Suspense>
    </header>
  )
}
