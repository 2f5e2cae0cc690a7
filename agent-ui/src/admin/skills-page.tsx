import { ActionIcon, Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Skill } from '../../../src/wire/access.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { Empty, Failure } from '../parts/notice.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

function useSkillActs() {
  const sentence = useSentence()
  const queries = useQueryClient()
  const onError = (error: unknown) => tellFailure(sentence(error))
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['admin', 'skills'] })
  return {
    add: useMutation({ mutationFn: adminApi.addSkill, onError, onSuccess }),
    rename: useMutation({ mutationFn: ({ id, name }: Skill) => adminApi.renameSkill(id, name), onError, onSuccess }),
    remove: useMutation({ mutationFn: adminApi.removeSkill, onError, onSuccess }),
  }
}

function SkillRow({ skill, acts }: { skill: Skill; acts: ReturnType<typeof useSkillActs> }) {
  const { t } = useTranslation()
  const [name, setName] = useState(skill.name)
  const changed = name.trim() !== '' && name.trim() !== skill.name
  return (
    <tr>
      <td>
        <TextInput aria-label={t('admin.skillName')} maxLength={60} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      </td>
      <td className={css.end}>
        {changed && (
          <Button variant="default" loading={acts.rename.isPending} onClick={() => acts.rename.mutate({ id: skill.id, name: name.trim() })}>
            {t('common.save')}
          </Button>
        )}
        <ActionIcon aria-label={t('admin.removeNamed', { name: skill.name })} onClick={() => acts.remove.mutate(skill.id)}>
          <Trash2 size={16} />
        </ActionIcon>
      </td>
    </tr>
  )
}

/** The skills agents may have and queues may ask for. */
export function SkillsPage() {
  const { t } = useTranslation()
  const skills = useQuery({ queryKey: ['admin', 'skills'], queryFn: adminApi.skills })
  const acts = useSkillActs()
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    acts.add.mutate(name.trim(), { onSuccess: () => setName('') })
  }
  if (skills.isError) return <Failure error={skills.error} onRetry={() => void skills.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.skillsHint')}</p>
        <form onSubmit={submit} style={{ display: 'flex', gap: 8 }}>
          <TextInput
            aria-label={t('admin.skillName')}
            placeholder={t('admin.skillName')}
            maxLength={60}
            required
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Button type="submit" loading={acts.add.isPending} disabled={name.trim() === ''}>
            {t('admin.addSkill')}
          </Button>
        </form>
      </div>
      {skills.data?.items.length === 0 && <Empty title={t('admin.noSkills')} />}
      <table className={css.table}>
        <tbody>
          {skills.data?.items.map((skill) => (
            <SkillRow key={`${skill.id}:${skill.name}`} skill={skill} acts={acts} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
