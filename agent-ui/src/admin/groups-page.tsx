import { MultiSelect, NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group, GroupInput } from '../../../src/wire/groups.ts'
import { channelIdSchema } from '../../../src/wire/words.ts'
import { useFormat } from '../i18n/format.ts'
import { useAgents } from '../live/use-things.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { ThingDialog } from './thing-dialog.tsx'
import { ThingList } from './thing-list.tsx'
import { type Acts, useActs } from './use-acts.ts'

const acts: Acts<GroupInput> = { key: 'groups', add: adminApi.addGroup, change: adminApi.changeGroup, remove: adminApi.removeGroup }

function GroupDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<GroupInput>(() => ({
    name: group?.name ?? '',
    capacity: group?.capacity ?? { max: {}, weights: {} },
    memberIds: group?.memberIds ?? [],
  }))
  const { save, remove } = useActs(acts, group?.id ?? null, onClose)
  const agents = useAgents()
    .filter((a) => !a.disabled)
    .map((a) => ({ value: a.id, label: a.name }))
  const { max } = form.capacity
  return (
    <ThingDialog
      title={group ? t('admin.editQueue', { name: group.name }) : t('admin.addGroup')}
      name={form.name}
      onName={(name) => setForm({ ...form, name })}
      error={save.error}
      pending={save.isPending}
      onSave={() => save.mutate(form)}
      onRemove={group && (() => remove.mutate())}
      onClose={onClose}
    >
      <MultiSelect
        label={t('admin.members')}
        searchable
        data={agents}
        value={form.memberIds}
        onChange={(memberIds) => setForm({ ...form, memberIds })}
      />
      <fieldset>
        <legend>{t('admin.groupCapacity')}</legend>
        <div className={css.pair}>
          {channelIdSchema.options.map((channel) => (
            <NumberInput
              key={channel}
              label={t(`channel.${channel}`)}
              min={0}
              max={100}
              allowDecimal={false}
              value={max[channel] ?? ''}
              onChange={(v) => {
                const { [channel]: _before, ...rest } = max
                const next = typeof v === 'number' ? { ...rest, [channel]: v } : rest
                setForm({ ...form, capacity: { ...form.capacity, max: next } })
              }}
            />
          ))}
        </div>
      </fieldset>
    </ThingDialog>
  )
}

/** Groups of agents: teams, shifts, sites. */
export function GroupsPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery({ queryKey: ['admin', 'groups'], queryFn: adminApi.groups })
  return (
    <ThingList
      query={query}
      hint={t('admin.groupsHint')}
      addLabel={t('admin.addGroup')}
      emptyTitle={t('admin.noGroups')}
      describe={(group) => `${t('admin.members')}: ${format.number(group.memberIds.length)}`}
      dialog={(group, onClose) => <GroupDialog group={group} onClose={onClose} />}
    />
  )
}
