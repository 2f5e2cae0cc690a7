import { Button, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { entryFactsSchema } from '../../../src/wire/conditions.ts'
import type { Inbox } from '../../../src/wire/inboxes.ts'
import type { Classification } from '../../../src/wire/routing-rules.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useQueues } from '../live/use-things.ts'
import { Chip } from '../parts/chip.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

function Result({ result }: { result: Classification }) {
  const { t } = useTranslation()
  const format = useFormat()
  const queue = useQueues().find(({ id }) => id === result.queueId)
  return (
    <div role="status">
      <p>{t('admin.wouldGoTo', { queue: queue?.name ?? '–', priority: format.number(result.priority) })}</p>
      <ul>
        {result.because.map(({ ruleId, name, holds, tests }) => (
          <li key={ruleId}>
            <Chip tone={holds ? 'good' : 'plain'}>{holds ? t('admin.holds') : t('admin.holdsNot')}</Chip> {name}
            {tests.length > 0 && ': '}
            {tests
              .map(({ fact, saw, not, holds: met }) =>
                `${met ? '✓' : '✗'} ${not ? `${t('admin.not')} ` : ''}${t(`admin.fact.${fact}`)} ${saw}`.trim(),
              )
              .join(' · ')}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Tries the rules in force on what a customer might write: where it would go, and because of which rules. */
export function RuleTester() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const inboxes = useQuery({ queryKey: ['admin', 'inboxes'], queryFn: adminApi.inboxes }).data?.items ?? []
  const queues = useQueues()
  const [inboxId, setInboxId] = useState<string | null>(null)
  const [text, setText] = useState('')
  const test = useMutation({
    mutationFn: (inbox: Inbox) => {
      const priority = queues.find(({ id }) => id === inbox.queueId)?.settings.priority ?? 5
      const facts = { channel: inbox.channel, inboxId: inbox.id, queueId: inbox.queueId, priority, text }
      return adminApi.testRules({ facts: entryFactsSchema.parse(facts) })
    },
  })
  const chosen = inboxes.find(({ id }) => id === inboxId) ?? inboxes[0]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen !== undefined) test.mutate(chosen)
  }
  return (
    <form className={css.form} onSubmit={submit} aria-label={t('admin.tryRules')}>
      <h2>{t('admin.tryRules')}</h2>
      <Select
        label={t('admin.inbox')}
        data={inboxes.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen?.id ?? null}
        onChange={setInboxId}
      />
      <Textarea
        label={t('admin.customerWrites')}
        autosize
        minRows={2}
        maxRows={6}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={test.isPending} disabled={chosen === undefined}>
          {t('admin.tryIt')}
        </Button>
      </div>
      {test.isError && (
        <p role="alert" className={css.error}>
          {sentence(test.error)}
        </p>
      )}
      {test.data && <Result result={test.data} />}
    </form>
  )
}
