import { ActionIcon, Button, MultiSelect, NumberInput, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { QueueSettings, RingStep, WaitingStep } from '../../../src/wire/queues.ts'
import { useQueues } from '../live/use-things.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

const minuteMs = 60_000
type Put = (changes: Partial<QueueSettings>) => void

function Rings({ rings, onChange }: { rings: readonly RingStep[]; onChange: (rings: RingStep[]) => void }) {
  const { t } = useTranslation()
  const skills = useQuery({ queryKey: ['admin', 'skills'], queryFn: adminApi.skills }).data?.items ?? []
  const groups = useQuery({ queryKey: ['admin', 'groups'], queryFn: adminApi.groups }).data?.items ?? []
  const named = (items: readonly { id: string; name: string }[]) => items.map(({ id, name }) => ({ value: id, label: name }))
  const put = (i: number, changes: Partial<RingStep>) => onChange(rings.map((ring, at) => (at === i ? { ...ring, ...changes } : ring)))
  const added: RingStep = {
    afterMs: (rings.at(-1)?.afterMs ?? 0) + minuteMs,
    dropSkills: [],
    lowerLevelBy: 0,
    dropThrough: 0,
    dropLanguage: false,
    widenTo: [],
  }
  return (
    <fieldset>
      <legend>{t('admin.rings')}</legend>
      <p>{t('admin.ringsHint')}</p>
      {rings.map((ring, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the list
        <div key={i} className={css.pair}>
          <NumberInput
            label={t('admin.afterMinutes')}
            min={0}
            value={ring.afterMs / minuteMs}
            onChange={(v) => put(i, { afterMs: typeof v === 'number' ? Math.round(v * minuteMs) : 0 })}
          />
          <MultiSelect
            label={t('admin.dropSkills')}
            data={named(skills)}
            value={ring.dropSkills}
            onChange={(dropSkills) => put(i, { dropSkills })}
          />
          <NumberInput
            label={t('admin.lowerLevels')}
            min={0}
            max={5}
            allowDecimal={false}
            value={ring.lowerLevelBy}
            onChange={(v) => put(i, { lowerLevelBy: typeof v === 'number' ? v : 0 })}
          />
          <MultiSelect label={t('admin.widenTo')} data={named(groups)} value={ring.widenTo} onChange={(widenTo) => put(i, { widenTo })} />
          <ActionIcon aria-label={t('admin.removeStep')} onClick={() => onChange(rings.filter((_, at) => at !== i))}>
            <Trash2 size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button variant="default" disabled={rings.length >= 6} onClick={() => onChange([...rings, added])}>
          {t('admin.addStep')}
        </Button>
      </div>
    </fieldset>
  )
}

function Overflow({
  queueId,
  steps,
  onChange,
}: {
  queueId: string | null
  steps: readonly WaitingStep[]
  onChange: (s: WaitingStep[]) => void
}) {
  const { t } = useTranslation()
  const others = useQueues().filter(({ id, enabled }) => enabled && id !== queueId)
  const put = (i: number, step: WaitingStep) => onChange(steps.map((one, at) => (at === i ? step : one)))
  const [first] = others
  const added: WaitingStep = {
    afterMs: (steps.at(-1)?.afterMs ?? 0) + 5 * minuteMs,
    action: first === undefined ? { kind: 'raise_priority', by: 1 } : { kind: 'queue', queueId: first.id },
  }
  return (
    <fieldset>
      <legend>{t('admin.overflow')}</legend>
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the list
        <div key={i} className={css.pair}>
          <NumberInput
            label={t('admin.afterMinutes')}
            min={1}
            value={step.afterMs / minuteMs}
            onChange={(v) => put(i, { ...step, afterMs: Math.max(1_000, Math.round((typeof v === 'number' ? v : 1) * minuteMs)) })}
          />
          <Select
            label={t('admin.goesTo')}
            data={[
              { value: '', label: t('admin.staysRaised') },
              ...others.map(({ id, name }) => ({ value: id, label: name })),
              ...(step.action.kind === 'queue' || step.action.kind === 'raise_priority'
                ? []
                : [{ value: '-', label: t('admin.otherAction') }]),
            ]}
            value={step.action.kind === 'queue' ? step.action.queueId : step.action.kind === 'raise_priority' ? '' : '-'}
            onChange={(v) => {
              if (v === null || v === '-') return
              put(i, { ...step, action: v === '' ? { kind: 'raise_priority', by: 1 } : { kind: 'queue', queueId: v } })
            }}
          />
          <ActionIcon aria-label={t('admin.removeStep')} onClick={() => onChange(steps.filter((_, at) => at !== i))}>
            <Trash2 size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button variant="default" disabled={steps.length >= 6} onClick={() => onChange([...steps, added])}>
          {t('admin.addStep')}
        </Button>
      </div>
    </fieldset>
  )
}

/** How a queue finds its agents as time passes, when it is open, and what becomes of those who wait long. */
export function QueueRoutingFields({ queueId, settings, onChange }: { queueId: string | null; settings: QueueSettings; onChange: Put }) {
  const { t } = useTranslation()
  const groups = useQuery({ queryKey: ['admin', 'groups'], queryFn: adminApi.groups }).data?.items ?? []
  const calendars = useQuery({ queryKey: ['admin', 'calendars'], queryFn: adminApi.calendars }).data?.items ?? []
  return (
    <>
      <div className={css.pair}>
        <MultiSelect
          label={t('admin.groups')}
          data={groups.map(({ id, name }) => ({ value: id, label: name }))}
          value={settings.groups.map(({ groupId }) => groupId)}
          onChange={(ids) =>
            onChange({ groups: ids.map((groupId) => settings.groups.find((g) => g.groupId === groupId) ?? { groupId, delayMs: 0 }) })
          }
        />
        <Select
          label={t('admin.calendar')}
          clearable
          placeholder={t('admin.alwaysOpen')}
          data={calendars.map(({ id, name }) => ({ value: id, label: name }))}
          value={settings.calendarId}
          onChange={(calendarId) => onChange({ calendarId })}
        />
      </div>
      <Rings rings={settings.rings} onChange={(rings) => onChange({ rings })} />
      <Overflow queueId={queueId} steps={settings.whileWaiting} onChange={(whileWaiting) => onChange({ whileWaiting })} />
      <Switch
        label={t('admin.callbackEnabled')}
        checked={settings.callback.enabled}
        onChange={(e) => onChange({ callback: { ...settings.callback, enabled: e.currentTarget.checked } })}
      />
      <Switch
        label={t('admin.matchLanguage')}
        checked={settings.matchLanguage}
        onChange={(e) => onChange({ matchLanguage: e.currentTarget.checked })}
      />
    </>
  )
}
