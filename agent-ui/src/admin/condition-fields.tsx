import { ActionIcon, Button, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Condition, type ConditionTest, conditionTestSchema } from '../../../src/wire/conditions.ts'
import { channelIdSchema } from '../../../src/wire/words.ts'
import { useQueues } from '../live/use-things.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

const facts = [
  'words',
  'channel',
  'inbox',
  'queue',
  'language',
  'tier',
  'tag',
  'attribute',
  'address',
  'priority',
  'hours',
  'returning',
] as const
type Fact = (typeof facts)[number]

/** Values that are chosen by name and kept by id. */
function useNamed(): Readonly<Record<string, readonly { value: string; label: string }[]>> {
  const { t } = useTranslation()
  const inboxes = useQuery({ queryKey: ['admin', 'inboxes'], queryFn: adminApi.inboxes }).data?.items ?? []
  const queues = useQueues()
  const calendars = useQuery({ queryKey: ['admin', 'calendars'], queryFn: adminApi.calendars }).data?.items ?? []
  return {
    channel: channelIdSchema.options.map((value) => ({ value, label: t(`channel.${value}`) })),
    inbox: inboxes.map(({ id, name }) => ({ value: id, label: name })),
    queue: queues.map(({ id, name }) => ({ value: id, label: name })),
    hours: calendars.map(({ id, name }) => ({ value: id, label: name })),
  }
}

/** A test of a kind that has something to look for already, so that what is half written is never wrong. */
function blank(fact: Fact, named: ReturnType<typeof useNamed>): ConditionTest | null {
  const first = named[fact]?.[0]?.value
  const value =
    fact === 'hours'
      ? { fact, calendarId: first }
      : fact === 'priority'
        ? { fact, atLeast: 7 }
        : fact === 'attribute'
          ? { fact, name: 'field', anyOf: [] }
          : fact === 'returning'
            ? { fact }
            : { fact, anyOf: first === undefined ? [fact === 'language' ? 'zh' : '?'] : [first] }
  const test = conditionTestSchema.safeParse(value)
  return test.success ? test.data : null
}

function Values({
  test,
  named,
  onChange,
}: {
  test: ConditionTest
  named: ReturnType<typeof useNamed>
  onChange: (t: ConditionTest) => void
}) {
  const { t } = useTranslation()
  const choices = named[test.fact]
  switch (test.fact) {
    case 'returning':
      return null
    case 'priority':
      return (
        <NumberInput
          aria-label={t('admin.priority')}
          min={0}
          max={9}
          value={test.atLeast}
          onChange={(v) => onChange({ ...test, atLeast: typeof v === 'number' ? v : 0 })}
        />
      )
    case 'hours':
      return (
        <Select
          aria-label={t('admin.calendars')}
          data={choices ?? []}
          value={test.calendarId}
          onChange={(calendarId) => calendarId && onChange({ ...test, calendarId })}
        />
      )
    default: {
      const nameOf = (value: string) => choices?.find((c) => c.value === value)?.label ?? value
      const keptOf = (name: string) => choices?.find((c) => c.label === name)?.value ?? name
      return (
        <>
          {test.fact === 'attribute' && (
            <TextInput
              aria-label={t('admin.attributeName')}
              value={test.name}
              maxLength={60}
              onChange={(e) => e.currentTarget.value.trim() !== '' && onChange({ ...test, name: e.currentTarget.value })}
            />
          )}
          <TagsInput
            aria-label={t(`admin.fact.${test.fact}`)}
            data={choices?.map((c) => c.label) ?? []}
            value={test.anyOf.map(nameOf)}
            onChange={(names) => {
              const changed = conditionTestSchema.safeParse({ ...test, anyOf: names.map(keptOf) })
              if (changed.success) onChange(changed.data)
            }}
          />
        </>
      )
    }
  }
}

/** What must be true: tests of which all, or one, must hold. */
export function ConditionFields({ value, onChange }: { value: Condition; onChange: (value: Condition) => void }) {
  const { t } = useTranslation()
  const named = useNamed()
  const put = (i: number, test: ConditionTest | null) =>
    onChange({ ...value, tests: value.tests.flatMap((one, at) => (at === i ? (test === null ? [] : [test]) : [one])) })
  return (
    <fieldset>
      <legend>{t('admin.when')}</legend>
      <Select
        aria-label={t('admin.when')}
        data={[
          { value: 'all', label: t('admin.matchAll') },
          { value: 'any', label: t('admin.matchAny') },
        ]}
        value={value.match}
        onChange={(match) => (match === 'all' || match === 'any') && onChange({ ...value, match })}
      />
      {value.tests.map((test, i) => (
        // Tests have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: a test is its place in the list
        <div key={i} className={css.pair}>
          <Select
            aria-label={t('admin.factLabel')}
            data={facts.map((f) => ({ value: f, label: t(`admin.fact.${f}`) }))}
            value={test.fact}
            onChange={(fact) => fact !== null && put(i, blank(fact, named) ?? test)}
          />
          <Values test={test} named={named} onChange={(changed) => put(i, changed)} />
          <Switch label={t('admin.not')} checked={test.not} onChange={(e) => put(i, { ...test, not: e.currentTarget.checked })} />
          <ActionIcon aria-label={t('admin.removeTest')} onClick={() => put(i, null)}>
            <Trash2 size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          disabled={value.tests.length >= 20}
          onClick={() => onChange({ ...value, tests: [...value.tests, ...[blank('words', named)].filter((test) => test !== null)] })}
        >
          {t('admin.addTest')}
        </Button>
      </div>
    </fieldset>
  )
}
