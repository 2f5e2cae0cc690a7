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

function AccountFields({ form, onChange }: { form: Form; onChange: (changes: Partial<Form>) => void }) {
  const { t } = useTranslation()
  const roles = useQuery({ queryKey: ['admin', 'roles'], queryFn: adminApi.roles }).data?.items ?? []
  const queues = useQueues().map((q) => ({ value: q.id, label: q.name }))
  const text = { required: true, withAsterisk: false } as const
  return (
    <>
      <div className={css.pair}>
        <TextInput
          label={t('admin.name')}
          {...text}
          maxLength={120}
          value={form.name}
          onChange={(e) => onChange({ name: e.currentTarget.value })}
        />
        <TextInput
          label={t('login.email')}
          {...text}
          type="email"
          maxLength={254}
          value={form.email}
          onChange={(e) => onChange({ email: e.currentTarget.value })}
        />
      </div>
      <div className={css.pair}>
        <Select
          label={t('admin.role')}
          data={roles.map((r) => ({ value: r.id, label: t(`role.${r.id}`, { defaultValue: r.name }) }))}
          value={form.roleId}
          onChange={(roleId) => roleId && onChange({ roleId })}
        />
        <Select
          label={t('profile.language')}
          data={Object.entries(localeNames).map(([value, label]) => ({ value, label }))}
          value={form.locale}
          onChange={(locale) => locale && onChange({ locale: locale as Locale })}
        />
      </div>
      <MultiSelect label={t('admin.queues')} data={queues} value={[...form.queueIds]} onChange={(queueIds) => onChange({ queueIds })} />
      <SkillLevels value={form.skills} onChange={(skills) => onChange({ skills })} />
    </>
  )
}

function Invitation({ link, onClose }: { link: NewLink; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.form}>
      {link.mailed === true && <p role="status">{t('admin.linkMailed')}</p>}
      <p>{t('admin.linkHint')}</p>
      <CopyLine value={link.url} label={t('admin.link')} />
      <div className={css.foot}>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </div>
    </div>
  )
}

/** A person's account: name, role, language, queues, skills; a link to choose a password. */
export function AgentDialog({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe().agent
  const [form, setForm] = useState(() => formOf(agent, me.locale))
  const [link, setLink] = useState<NewLink | null>(null)
  const save = useSaving(agent, form, (invite) => (invite ? setLink(invite) : onClose()))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const title = agent ? t('admin.editAgent', { name: agent.name }) : t('admin.addAgent')
  return (
    <Modal opened onClose={onClose} size="lg" title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {link ? (
        <Invitation link={link} onClose={onClose} />
      ) : (
        <form className={css.form} onSubmit={submit}>
          <AccountFields form={form} onChange={(changes) => setForm({ ...form, ...changes })} />
          {agent && agent.id !== me.id && <AccountActs agent={agent} onLink={setLink} onClose={onClose} />}
          <FormFoot error={save.error} pending={save.isPending} onCancel={onClose} />
        </form>
      )}
    </Modal>
  )
}
