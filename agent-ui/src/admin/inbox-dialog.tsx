import { Button, Modal, Select, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelInfo } from '../../../src/wire/inbox-changes.ts'
import type { InboxDetail } from '../../../src/wire/inboxes.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useQueues } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { type Config, ConfigFields } from './config-fields.tsx'
import { CopyLine } from './copy-line.tsx'
import { FormFoot } from './form-foot.tsx'

interface Form {
  readonly channel: ChannelId
  readonly name: string
  readonly queueId: string
  readonly enabled: boolean
  readonly config: Config
}

const dayMs = 86_400_000

function useInboxActs(inbox: InboxDetail | null, form: Form, onClose: () => void) {
  const sentence = useSentence()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['admin', 'inboxes'] })
  const save = useMutation({
    mutationFn: () => {
      const config = Object.fromEntries(Object.entries(form.config).filter(([, v]) => v !== undefined))
      const { name, queueId, enabled } = form
      if (inbox !== null) return adminApi.changeInbox(inbox.id, { name, queueId, enabled, config })
      return adminApi.addInbox({
        channel: form.channel,
        name,
        queueId,
        enabled,
        config,
        locale: 'en',
        restricted: false,
        memberIds: [],
        reopenWindowMs: 3 * dayMs,
      })
    },
    onSuccess: refresh,
  })
  const remove = useMutation({
    mutationFn: (id: string) => adminApi.removeInbox(id),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
    onError: (error) => tellFailure(sentence(error)),
  })
  return { save, remove }
}

function Connection({ inbox }: { inbox: InboxDetail }) {
  const { t } = useTranslation()
  const origin = window.location.origin
  return (
    <>
      {inbox.webhookUrl && <CopyLine value={inbox.webhookUrl} label={t('admin.webhookUrl')} />}
      {inbox.channel === 'webchat' && (
        <>
          <CopyLine value={`${origin}/chat/${inbox.id}`} label={t('admin.chatPage')} />
          <CopyLine value={`<script async src="${origin}/widget.js" data-inbox="${inbox.id}"></script>`} label={t('admin.embedCode')} />
        </>
      )}
    </>
  )
}

function Made({ inbox, onClose }: { inbox: InboxDetail; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.form}>
      <p>{t('admin.inboxMade')}</p>
      <Connection inbox={inbox} />
      <div className={css.foot}>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </div>
    </div>
  )
}

function Basics(props: { form: Form; channels: readonly ChannelInfo[]; isNew: boolean; onChange: (changes: Partial<Form>) => void }) {
  const { t } = useTranslation()
  const { form, channels, onChange } = props
  const queues = useQueues().map((q) => ({ value: q.id, label: q.name }))
  return (
    <>
      <div className={css.pair}>
        {props.isNew && (
          <Select
            label={t('admin.channel')}
            data={channels.map((c) => ({ value: c.id, label: t(`channel.${c.id}`) }))}
            value={form.channel}
            onChange={(channel) => channel && onChange({ channel, config: {} })}
          />
        )}
        <TextInput
          label={t('admin.name')}
          required
          withAsterisk={false}
          maxLength={80}
          value={form.name}
          onChange={(e) => onChange({ name: e.currentTarget.value })}
        />
        <Select label={t('supervisor.queue')} data={queues} value={form.queueId} onChange={(queueId) => queueId && onChange({ queueId })} />
      </div>
      <Switch label={t('admin.inboxEnabled')} checked={form.enabled} onChange={(e) => onChange({ enabled: e.currentTarget.checked })} />
    </>
  )
}

function formOf(inbox: InboxDetail | null, channel: ChannelId, queueId: string): Form {
  if (inbox === null) return { channel, name: '', queueId, enabled: true, config: {} }
  return { channel: inbox.channel, name: inbox.name, queueId: inbox.queueId, enabled: inbox.enabled, config: inbox.config }
}

function InboxForm({ inbox, channels, onClose }: { inbox: InboxDetail | null; channels: readonly ChannelInfo[]; onClose: () => void }) {
  const { t } = useTranslation()
  const firstQueue = useQueues()[0]?.id ?? ''
  const [form, setForm] = useState(() => formOf(inbox, channels[0]?.id ?? 'line', firstQueue))
  const change = (changes: Partial<Form>) => setForm({ ...form, ...changes })
  const { save, remove } = useInboxActs(inbox, form, onClose)
  const channel = channels.find((c) => c.id === form.channel)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(undefined, { onSuccess: () => inbox !== null && onClose() })
  }
  if (inbox === null && save.data) return <Made inbox={save.data} onClose={onClose} />
  return (
    <form className={css.form} onSubmit={submit}>
      {inbox && <Connection inbox={inbox} />}
      <Basics form={form} channels={channels} isNew={inbox === null} onChange={change} />
      {channel && (
        <fieldset>
          <legend>{t('admin.settings')}</legend>
          <ConfigFields
            channel={channel}
            config={form.config}
            secretsSet={inbox?.secretsSet ?? []}
            onChange={(config) => change({ config })}
          />
        </fieldset>
      )}
      {inbox && (
        <Button variant="default" w="fit-content" loading={remove.isPending} onClick={() => remove.mutate(inbox.id)}>
          {t('admin.removeInbox')}
        </Button>
      )}
      <FormFoot error={save.error} pending={save.isPending} onCancel={onClose} />
    </form>
  )
}

/** One connected account: where its webhooks go, its settings, its queue. */
export function InboxDialog({ inboxId, onClose }: { inboxId: string | null; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const channels = useQuery({ queryKey: ['admin', 'channels'], queryFn: adminApi.channels })
  const inbox = useQuery({
    queryKey: ['admin', 'inboxes', inboxId],
    queryFn: () => (inboxId === null ? null : adminApi.inbox(inboxId)),
    staleTime: 0,
  })
  const error = channels.error ?? inbox.error
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={inbox.data ? t('admin.editInbox', { name: inbox.data.name }) : t('admin.addInbox')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {error && <p role="alert">{sentence(error)}</p>}
      {channels.data && inbox.data !== undefined && !inbox.isFetching && (
        <InboxForm inbox={inbox.data} channels={channels.data.items} onClose={onClose} />
      )}
    </Modal>
  )
}
