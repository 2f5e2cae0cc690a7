import { ActionIcon, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

/** A skill with how far it reaches, 1–5. */
export interface SkillLevel {
  readonly skillId: string
  readonly level: number
}

const levels = ['1', '2', '3', '4', '5']

/** Chooses skills and their levels. */
export function SkillLevels({ value, onChange }: { value: readonly SkillLevel[]; onChange: (value: readonly SkillLevel[]) => void }) {
  const { t } = useTranslation()
  const skills = useQuery({ queryKey: ['admin', 'skills'], queryFn: adminApi.skills }).data?.items ?? []
  const left = skills.filter((s) => !value.some((v) => v.skillId === s.id))
  return (
    <fieldset>
      <legend>{t('admin.skills')}</legend>
      {value.map(({ skillId, level }) => {
        const name = skills.find((s) => s.id === skillId)?.name ?? skillId
        return (
          <div key={skillId} className={css.skill}>
            <span>{name}</span>
            <SegmentedControl
              aria-label={t('admin.levelOf', { name })}
              data={levels}
              value={String(level)}
              onChange={(chosen) => onChange(value.map((v) => (v.skillId === skillId ? { skillId, level: Number(chosen) } : v)))}
            />
            <ActionIcon aria-label={t('admin.removeNamed', { name })} onClick={() => onChange(value.filter((v) => v.skillId !== skillId))}>
              <Trash2 size={15} />
            </ActionIcon>
          </div>
        )
      })}
      {left.length > 0 && (
        <Select
          aria-label={t('admin.addSkill')}
          placeholder={t('admin.addSkill')}
          data={left.map((s) => ({ value: s.id, label: s.name }))}
          value={null}
          onChange={(skillId) => skillId && onChange([...value, { skillId, level: 3 }])}
        />
      )}
    </fieldset>
  )
}
