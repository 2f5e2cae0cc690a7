import { NumberInput, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type SlaPolicy,
  type SlaPolicyInput,
  type SlaSettings,
  slaSettingsSchema,
  slaTargetSchema,
} from '../../../src/wire/sla-policies.ts'
import { useFormat } from '../i18n/format.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { ConditionFields } from './condition-fields.tsx'
import { MoveButtons } from './move-buttons.tsx'
import { ThingDialog } from './thing-dialog.tsx'
import { ThingList } from './thing-list.tsx'
import { type Acts, useActs } from './use-acts.ts'

const minuteMs = 60_000
const acts: Acts<SlaPolicyInput> = {
  key: 'policies',
  add: adminApi.addPolicy,
  change: adminApi.changePolicy,
  remove: adminApi.removePolicy,
}

function Times({ settings, onChange }: { settings: SlaSettings; onChange: (changes: Partial<SlaSettings>) => void }) {
  const { t } = useTranslation()
  const calendars = useQuery({ queryKey: ['admin', 'calendars'], queryFn: adminApi.calendars }).data?.items ?? []
  return (
    <>
      <div className={css.pair}>
        {slaTargetSchema.options.map((target) => (
          <NumberInput
            key={target}
            label={t(`admin.target.${target}`)}
            description={t('admin.firstResponseHint')}
            min={0}
            value={settings.targets[target] === undefined ? '' : settings.targets[target].ms / minuteMs}
            onChange={(v) => {
              const { [target]: before, ...rest } = settings.targets
              const next = typeof v === 'number' && v > 0 ? { ms: Math.round(v * minuteMs), byPriority: before?.byPriority ?? {} } : null
              onChange({ targets: next === null ? rest : { ...rest, [target]: next } })
            }}
          />
        ))}
      </div>
      <div className={css.pair}>
        <Select
          label={t('admin.timeKind')}
          data={[
            { value: 'wall', label: t('admin.wallTime') },
            { value: 'working', label: t('admin.workingTime') },
          ]}
          value={settings.time}
          onChange={(time) => (time === 'wall' || time === 'working') && onChange({ time })}
        />
        <Select
          label={t('admin.calendar')}
          clearable
          disabled={settings.time === 'wall'}
          data={calendars.map(({ id, name }) => ({ value: id, label: name }))}
          value={settings.calendarId}
          onChange={(calendarId) => onChange({ calendarId })}
        />
      </div>
      <div className={css.pair}>
        <NumberInput
          label={t('admin.warnBefore')}
          min={0}
          value={settings.warnBeforeMs === null ? '' : settings.warnBeforeMs / minuteMs}
          onChange={(v) => onChange({ warnBeforeMs: typeof v === 'number' && v > 0 ? Math.round(v * minuteMs) : null })}
        />
        <NumberInput
          label={t('admin.raiseOnBreach')}
          min={0}
          max={9}
          allowDecimal={false}
          value={settings.raisePriority.onBreach}
          onChange={(v) => onChange({ raisePriority: { ...settings.raisePriority, onBreach: typeof v === 'number' ? v : 0 } })}
        />
      </div>
    </>
  )
}

function PolicyDialog({ policy, onClose }: { policy: SlaPolicy | null; onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<SlaPolicyInput>(() => ({
    name: policy?.name ?? '',
    enabled: policy?.enabled ?? true,
    settings: policy?.settings ?? slaSettingsSchema.parse({ when: {}, targets: {} }),
  }))
  const { save, remove } = useActs(acts, policy?.id ?? null, onClose)
  const put = (changes: Partial<SlaSettings>) => setForm({ ...form, settings: { ...form.settings, ...changes } })
  return (
    <ThingDialog
      title={policy ? t('admin.editQueue', { name: policy.name }) : t('admin.addPolicy')}
      name={form.name}
      onName={(name) => setForm({ ...form, name })}
      error={save.error}
      pending={save.isPending}
      onSave={() => save.mutate(form)}
      onRemove={policy && (() => remove.mutate())}
      onClose={onClose}
    >
      <Switch label={t('admin.inForce')} checked={form.enabled} onChange={(e) => setForm({ ...form, enabled: e.currentTarget.checked })} />
      <ConditionFields value={form.settings.when} onChange={(when) => put({ when })} />
      <Times settings={form.settings} onChange={put} />
    </ThingDialog>
  )
}

/** SLA policies in the order in which they match. */
export function SlaPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery({ queryKey: ['admin', 'policies'], queryFn: adminApi.policies })
  const describe = ({ enabled, settings }: SlaPolicy) =>
    [
      ...(enabled ? [] : [t('admin.off')]),
      ...slaTargetSchema.options.flatMap((target) => {
        const time = settings.targets[target]
        return time === undefined ? [] : [`${t(`admin.target.${target}`)}: ${format.span(time.ms)}`]
      }),
    ].join(' · ')
  return (
    <ThingList
      query={query}
      hint={t('admin.slaHint')}
      addLabel={t('admin.addPolicy')}
      emptyTitle={t('admin.noPolicies')}
      describe={describe}
      acts={(policy, all) => (
        <MoveButtons id={policy.id} name={policy.name} ids={all.map(({ id }) => id)} listKey="policies" order={adminApi.orderPolicies} />
      )}
      dialog={(policy, onClose) => <PolicyDialog policy={policy} onClose={onClose} />}
    />
  )
}
