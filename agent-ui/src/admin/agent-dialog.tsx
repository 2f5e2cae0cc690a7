import { Button, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewLink } from '../../../src/wire/access.ts'
import type { Agent } from '../../../src/wire/agents.ts'
import type { Locale } from '../../../src/wire/words.ts'
import { localeNames } from '../i18n/index.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useMe, useQueues } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { CopyLine } from './copy-line.tsx'
import { FormFoot } from './form-foot.tsx'
import { type SkillLevel, SkillLevels } from './skill-levels.tsx'

interface Form {
  readonly name: string
  readonly email: string
  readonly roleId: string
  readonly locale: Locale
  readonly queueIds: readonly string[]
  readonly skills: readonly SkillLevel[]
}

function formOf(agent: Agent | null, locale: Locale): Form {
  if (agent === null) return { name: '', email: '', roleId: 'agent', locale, queueIds: [], skills: [] }
  const { name, email, roleId, queueIds, skills } = agent
  return { name, email, roleId, locale: agent.locale, queueIds, skills }
}

function useSaving(agent: Agent | null, form: Form, done: (invite: NewLink | null) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const input = { ...form, queueIds: [...form.queueIds], skills: form.skills.map((s) => ({ ...s })) }
      if (agent === null) return (await adminApi.addAgent(input)).invite
      await adminApi.changeAgent(agent.id, input)
      return null
    },
    onSuccess: async (invite) => {
      await queries.invalidateQueries({ queryKey: ['admin', 'agents'] })
      done(invite)
    },
  })
}

function AccountActs({ agent, onLink, onClose }: { agent: Agent; onLink: (link: NewLink) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const queries = useQueryClient()
  const onError = (error: unknown) => tellFailure(sentence(error))
  const link = useMutation({ mutationFn: () => adminApi.linkFor(agent.id), onSuccess: onLink, onError })
  const enable = useMutation({
    mutationFn: () => adminApi.enableAgent(agent.id, agent.disabled),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['admin', 'agents'] })
      onClose()
    },
    onError,
  })
  return (
    <div className={css.foot} style={{ justifyContent: 'flex-start' }}>
      <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
        {t('admin.newLink')}
      </Button>
      <Button variant="default" loading={enable.isPending} onClick={() => enable.mutate()}>
        {agent.disabled ? t('admin.enable') : t('admin.disable')}
      </Button>
    </div>
  )
}

/** A person's account: name, role, language, queues, skills; a link to choose a password. */
export function AgentDialog({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const roles = useQuery({ queryKey: ['admin', 'roles'], queryFn: adminApi.roles })
  const queues = useQueues().map((q) => ({ value: q.id, label: q.name }))
  const [form, setForm] = useState(() => formOf(agent, me.agent.locale))
  const [link, setLink] = useState<NewLink | null>(null)
  const save = useSaving(agent, form, (invite) => (invite ? setLink(invite) : onClose()))
  const change = (changes: Partial<Form>) => setForm({ ...form, ...changes })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const roleData = (roles.data?.items ?? []).map((r) => ({ value: r.id, label: t(`role.${r.id}`, { defaultValue: r.name }) }))
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={agent ? t('admin.editAgent', { name: agent.name }) : t('admin.addAgent')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {link ? (
        <div className={css.form}>
          <p>{t('admin.linkHint')}</p>
          <CopyLine value={link.url} label={t('admin.link')} />
          <div className={css.foot}>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </div>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit}>
          <div className={css.pair}>
            <TextInput
              label={t('admin.name')}
              required
              withAsterisk={false}
              maxLength={120}
              value={form.name}
              onChange={(e) => change({ name: e.currentTarget.value })}
            />
            <TextInput
              label={t('login.email')}
              type="email"
              required
              withAsterisk={false}
              maxLength={254}
              value={form.email}
              onChange={(e) => change({ email: e.currentTarget.value })}
            />
          </div>
          <div className={css.pair}>
            <Select label={t('admin.role')} data={roleData} value={form.roleId} onChange={(roleId) => roleId && change({ roleId })} />
            <Select
              label={t('profile.language')}
              data={Object.entries(localeNames).map(([value, label]) => ({ value, label }))}
              value={form.locale}
              onChange={(locale) => locale && change({ locale: locale as Locale })}
            />
          </div>
          <MultiSelect label={t('admin.queues')} data={queues} value={[...form.queueIds]} onChange={(queueIds) => change({ queueIds })} />
          <SkillLevels value={form.skills} onChange={(skills) => change({ skills })} />
          {agent && agent.id !== me.agent.id && <AccountActs agent={agent} onLink={setLink} onClose={onClose} />}
          <FormFoot error={save.error} pending={save.isPending} onCancel={onClose} />
        </form>
      )}
    </Modal>
  )
}
