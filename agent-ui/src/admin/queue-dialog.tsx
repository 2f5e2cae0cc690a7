import { Button, Modal, MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Queue, type QueueInput, type QueueSettings, queueSettingsSchema } from '../../../src/wire/queues.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useAgents } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { FormFoot } from './form-foot.tsx'
import { QueueRoutingFields } from './queue-routing-fields.tsx'
import { SkillLevels } from './skill-levels.tsx'

const secondMs = 1_000
const minuteMs = 60_000

function formOf(queue: Queue | null): QueueInput {
  if (queue === null) return { name: '', enabled: true, settings: queueSettingsSchema.parse({}), memberIds: [] }
  const { name, enabled, settings, memberIds } = queue
  return { name, enabled, settings, memberIds }
}

function useQueueActs(queue: Queue | null, form: QueueInput, onClose: () => void) {
  const sentence = useSentence()
  const queries = useQueryClient()
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ['admin', 'queues'] })
    await queries.invalidateQueries({ queryKey: ['admin', 'findings'] })
    onClose()
  }
  const save = useMutation({
    mutationFn: () => (queue === null ? adminApi.addQueue(form) : adminApi.changeQueue(queue.id, form)),
    onSuccess,
  })
  const remove = useMutation({
    mutationFn: (id: string) => adminApi.removeQueue(id),
    onSuccess,
    onError: (error) => tellFailure(sentence(error)),
  })
  return { save, remove }
}

function Rules({ settings, onChange }: { settings: QueueSettings; onChange: (changes: Partial<QueueSettings>) => void }) {
  const { t } = useTranslation()
  const selections = ['longest_idle', 'least_loaded', 'best_skill', 'round_robin'] as const
  const number = (value: number | string, unitMs: number) => (typeof value === 'number' ? Math.round(value * unitMs) : 0)
  return (
    <>
      <div className={css.pair}>
        <NumberInput
          label={t('admin.priority')}
          description={t('admin.priorityHint')}
          min={0}
          max={9}
          allowDecimal={false}
          value={settings.priority}
          onChange={(v) => onChange({ priority: typeof v === 'number' ? v : 0 })}
        />
        <Select
          label={t('admin.selectionLabel')}
          description={t('admin.selectionHint')}
          data={selections.map((s) => ({ value: s, label: t(`admin.selection.${s}`) }))}
          value={settings.selection}
          onChange={(selection) => selection && onChange({ selection })}
        />
      </div>
      <div className={css.pair}>
        <NumberInput
          label={t('admin.firstResponseMinutes')}
          description={t('admin.firstResponseHint')}
          min={0}
          value={settings.firstResponseMs === null ? '' : settings.firstResponseMs / minuteMs}
          onChange={(v) => onChange({ firstResponseMs: typeof v === 'number' && v > 0 ? number(v, minuteMs) : null })}
        />
        <NumberInput
          label={t('admin.wrapUpSeconds')}
          description={t('admin.wrapUpHint')}
          min={0}
          max={3_600}
          value={settings.wrapUpMs / secondMs}
          onChange={(v) => onChange({ wrapUpMs: number(v, secondMs) })}
        />
      </div>
      <TagsInput
        label={t('admin.dispositions')}
        description={t('admin.dispositionsHint')}
        value={settings.dispositions}
        maxTags={50}
        onChange={(dispositions) => onChange({ dispositions: dispositions.map((d) => d.slice(0, 60)) })}
      />
      <Switch
        label={t('admin.dispositionRequired')}
        checked={settings.dispositionRequired}
        onChange={(e) => onChange({ dispositionRequired: e.currentTarget.checked })}
      />
      <SkillLevels
        value={settings.requiredSkills.map((s) => ({ skillId: s.skillId, level: s.minLevel }))}
        onChange={(skills) => onChange({ requiredSkills: skills.map((s) => ({ skillId: s.skillId, minLevel: s.level })) })}
      />
    </>
  )
}

/** A queue's name, members and rules. */
export function QueueDialog({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const { t } = useTranslation()
  const agents = useAgents()
    .filter((a) => !a.disabled)
    .map((a) => ({ value: a.id, label: a.name }))
  const [form, setForm] = useState(() => formOf(queue))
  const { save, remove } = useQueueActs(queue, form, onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={queue ? t('admin.editQueue', { name: queue.name }) : t('admin.addQueue')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form className={css.form} onSubmit={submit}>
        <TextInput
          label={t('admin.name')}
          required
          withAsterisk={false}
          maxLength={80}
          value={form.name}
          onChange={(e) => setForm({ ...form, name: e.currentTarget.value })}
        />
        <Switch
          label={t('admin.queueEnabled')}
          checked={form.enabled}
          onChange={(e) => setForm({ ...form, enabled: e.currentTarget.checked })}
        />
        <MultiSelect
          label={t('admin.members')}
          searchable
          data={agents}
          value={form.memberIds}
          onChange={(memberIds) => setForm({ ...form, memberIds })}
        />
        <Rules settings={form.settings} onChange={(changes) => setForm({ ...form, settings: { ...form.settings, ...changes } })} />
        <QueueRoutingFields
          queueId={queue?.id ?? null}
          settings={form.settings}
          onChange={(changes) => setForm({ ...form, settings: { ...form.settings, ...changes } })}
        />
        {queue && (
          <div>
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(queue.id)}>
              {t('admin.removeQueue')}
            </Button>
          </div>
        )}
        <FormFoot error={save.error} pending={save.isPending} onCancel={onClose} />
      </form>
    </Modal>
  )
}
