import { Button, Select, TagsInput, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ClipboardCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { QueueSettings } from '../../../src/wire/queues.ts'
import { timer } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { extendWrapUp, wrapUpConversation } from '../live/acts.ts'
import { useNow } from '../live/use-now.ts'
import { useQueue } from '../live/use-things.ts'
import { useWrapUpDrafts, type WrapUpDraft } from './wrap-up-drafts.ts'
import css from './wrap-up-panel.module.css'

const warnMs = 20_000
const maxTags = 20

function Left({ until }: { until: number }) {
  const { t } = useTranslation()
  const left = until - useNow()
  return (
    <span className={css.left} data-soon={left < warnMs || undefined}>
      <span className="figures" role="timer">
        {t('wrapUp.left', { time: timer(left) })}
      </span>
      <span className="visually-hidden" aria-live="assertive">
        {left < warnMs && left > 0 ? t('wrapUp.soon') : ''}
      </span>
    </span>
  )
}

function useWrapUp(conversation: Conversation, draft: WrapUpDraft) {
  const drop = useWrapUpDrafts((w) => w.drop)
  const [extended, setExtended] = useState(false)
  const finish = useMutation({
    mutationFn: () =>
      wrapUpConversation(conversation.id, {
        ...(draft.disposition !== null ? { disposition: draft.disposition } : {}),
        tags: [...draft.tags],
        ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
      }),
    onSuccess: () => drop(conversation.id),
  })
  const extend = useMutation({ mutationFn: () => extendWrapUp(conversation.id), onSettled: () => setExtended(true) })
  return { finish, extend, extended }
}

function Head({ conversation, wrapUp }: { conversation: Conversation; wrapUp: ReturnType<typeof useWrapUp> }) {
  const { t } = useTranslation()
  const { wrapUpUntil } = conversation
  return (
    <div className={css.head}>
      <h3>
        <ClipboardCheck size={16} aria-hidden="true" />
        {t('wrapUp.title')}
      </h3>
      {wrapUpUntil !== null && <Left until={wrapUpUntil} />}
      {wrapUpUntil !== null && !wrapUp.extended && (
        <Button variant="subtle" type="button" loading={wrapUp.extend.isPending} onClick={() => wrapUp.extend.mutate()}>
          {t('wrapUp.extend')}
        </Button>
      )}
    </div>
  )
}

function Fields(props: { draft: WrapUpDraft; settings: QueueSettings | undefined; onWrite: (changes: Partial<WrapUpDraft>) => void }) {
  const { t } = useTranslation()
  const { draft, settings, onWrite } = props
  const dispositions = settings?.dispositions ?? []
  const above = { position: 'top' } as const
  return (
    <>
      <div className={css.fields}>
        {dispositions.length > 0 && (
          <Select
            label={t('wrapUp.disposition')}
            placeholder={t('wrapUp.choose')}
            required={settings?.dispositionRequired ?? false}
            data={dispositions}
            value={draft.disposition}
            onChange={(disposition) => onWrite({ disposition })}
            comboboxProps={above}
          />
        )}
        <TagsInput
          label={t('wrapUp.tags')}
          placeholder={draft.tags.length === 0 ? t('wrapUp.tagsHint') : ''}
          maxTags={maxTags}
          value={[...draft.tags]}
          onChange={(tags) => onWrite({ tags: tags.map((tag) => tag.slice(0, 40)) })}
          comboboxProps={above}
        />
      </div>
      <Textarea
        label={t('wrapUp.note')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={4_000}
        value={draft.note}
        onChange={(e) => onWrite({ note: e.currentTarget.value })}
      />
    </>
  )
}

/** The work after the contact: how it ended, what it was about, a word for later. Holds the slot until it is done. */
export function WrapUpPanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { id, disposition, tags } = conversation
  const settings = useQueue(conversation.queueId)?.settings
  const draft = useWrapUpDrafts((w) => w.drafts[id]) ?? { disposition, tags, note: '' }
  const wrapUp = useWrapUp(conversation, draft)
  const error = wrapUp.finish.error ?? wrapUp.extend.error
  const incomplete = settings?.dispositionRequired === true && draft.disposition === null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    wrapUp.finish.mutate()
  }
  return (
    <form className={css.panel} onSubmit={submit} aria-label={t('wrapUp.title')}>
      <Head conversation={conversation} wrapUp={wrapUp} />
      <Fields draft={draft} settings={settings} onWrite={(changes) => useWrapUpDrafts.getState().write(id, { ...draft, ...changes })} />
      <div className={css.acts}>
        {error && (
          <p role="alert" className={css.error}>
            {sentence(error)}
          </p>
        )}
        <Button type="submit" loading={wrapUp.finish.isPending} disabled={incomplete}>
          {t('wrapUp.done')}
        </Button>
      </div>
    </form>
  )
}
