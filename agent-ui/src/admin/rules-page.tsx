import { NumberInput, Select, Switch, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { conditionSchema } from '../../../src/wire/conditions.ts'
import { type RoutingRule, type RoutingRuleInput, type RuleEffect, ruleEffectSchema } from '../../../src/wire/routing-rules.ts'
import { useQueues } from '../live/use-things.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { ConditionFields } from './condition-fields.tsx'
import { Findings } from './findings.tsx'
import { MoveButtons } from './move-buttons.tsx'
import { RuleTester } from './rule-tester.tsx'
import { SkillLevels } from './skill-levels.tsx'
import { ThingDialog } from './thing-dialog.tsx'
import { ThingList } from './thing-list.tsx'
import { type Acts, useActs } from './use-acts.ts'

const acts: Acts<RoutingRuleInput> = { key: 'rules', add: adminApi.addRule, change: adminApi.changeRule, remove: adminApi.removeRule }

function Effects({ effect, onChange }: { effect: RuleEffect; onChange: (effect: RuleEffect) => void }) {
  const { t } = useTranslation()
  const queues = useQueues().map(({ id, name }) => ({ value: id, label: name }))
  const { queueId: _queue, priority: _priority, requireSkills: _skills, addTags: _tags, ...rest } = effect
  const without = { ...effect }
  const put = (key: keyof RuleEffect, value: unknown) => {
    const changed = Object.fromEntries(Object.entries({ ...without, [key]: value }).filter(([, v]) => v !== undefined))
    onChange({ ...rest, ...changed })
  }
  return (
    <fieldset>
      <legend>{t('admin.then')}</legend>
      <div className={css.pair}>
        <Select
          label={t('admin.toQueue')}
          clearable
          data={queues}
          value={effect.queueId ?? null}
          onChange={(queueId) => put('queueId', queueId ?? undefined)}
        />
        <NumberInput
          label={t('admin.raiseBy')}
          min={-9}
          max={9}
          allowDecimal={false}
          value={effect.priority?.how === 'add' ? effect.priority.by : ''}
          onChange={(v) => put('priority', typeof v === 'number' && v !== 0 ? { how: 'add', by: v } : undefined)}
        />
      </div>
      <TagsInput
        label={t('admin.addTags')}
        maxTags={20}
        value={effect.addTags ?? []}
        onChange={(tags) => put('addTags', tags.length === 0 ? undefined : tags.map((tag) => tag.slice(0, 40)))}
      />
      <SkillLevels
        value={(effect.requireSkills ?? []).map((s) => ({ skillId: s.skillId, level: s.minLevel }))}
        onChange={(skills) =>
          put('requireSkills', skills.length === 0 ? undefined : skills.map((s) => ({ skillId: s.skillId, minLevel: s.level })))
        }
      />
    </fieldset>
  )
}

function RuleDialog({ rule, onClose }: { rule: RoutingRule | null; onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<RoutingRuleInput>(() => ({
    name: rule?.name ?? '',
    enabled: rule?.enabled ?? true,
    when: rule?.when ?? conditionSchema.parse({}),
    effect: rule?.effect ?? {},
    stop: rule?.stop ?? false,
  }))
  const { save, remove } = useActs(acts, rule?.id ?? null, onClose)
  const isReady = ruleEffectSchema.safeParse(form.effect).success
  return (
    <ThingDialog
      title={rule ? t('admin.editQueue', { name: rule.name }) : t('admin.addRule')}
      name={form.name}
      onName={(name) => setForm({ ...form, name })}
      error={save.error ?? (isReady ? null : new Error(t('admin.ruleNeedsEffect')))}
      pending={save.isPending}
      onSave={() => isReady && save.mutate(form)}
      onRemove={rule && (() => remove.mutate())}
      onClose={onClose}
    >
      <Switch label={t('admin.inForce')} checked={form.enabled} onChange={(e) => setForm({ ...form, enabled: e.currentTarget.checked })} />
      <ConditionFields value={form.when} onChange={(when) => setForm({ ...form, when })} />
      <Effects effect={form.effect} onChange={(effect) => setForm({ ...form, effect })} />
      <Switch label={t('admin.stopHere')} checked={form.stop} onChange={(e) => setForm({ ...form, stop: e.currentTarget.checked })} />
    </ThingDialog>
  )
}

/** The rules of entry in their order, and a tester. */
export function RulesPage() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['admin', 'rules'], queryFn: adminApi.rules })
  const queues = useQueues()
  const describe = ({ enabled, when, effect }: RoutingRule) =>
    [
      enabled ? '' : t('admin.off'),
      when.tests.map((test) => t(`admin.fact.${test.fact}`)).join(', '),
      queues.find(({ id }) => id === effect.queueId)?.name ?? '',
    ]
      .filter((word) => word !== '')
      .join(' · ')
  return (
    <ThingList
      query={query}
      hint={t('admin.rulesHint')}
      addLabel={t('admin.addRule')}
      emptyTitle={t('admin.noRules')}
      describe={describe}
      acts={(rule, all) => (
        <MoveButtons id={rule.id} name={rule.name} ids={all.map(({ id }) => id)} listKey="rules" order={adminApi.orderRules} />
      )}
      dialog={(rule, onClose) => <RuleDialog rule={rule} onClose={onClose} />}
    >
      <Findings />
      <RuleTester />
    </ThingList>
  )
}
