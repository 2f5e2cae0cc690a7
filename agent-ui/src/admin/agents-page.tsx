import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../src/wire/agents.ts'
import { useQueues } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Chip } from '../parts/chip.tsx'
import { Failure } from '../parts/notice.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { AgentDialog } from './agent-dialog.tsx'

function AgentRow({
  agent,
  roleName,
  skillNames,
  queueNames,
  onEdit,
}: {
  agent: Agent
  roleName: string
  skillNames: string
  queueNames: string
  onEdit: () => void
}) {
  const { t } = useTranslation()
  return (
    <tr data-off={agent.disabled || undefined}>
      <th scope="row">
        <span className={css.person}>
          <Avatar id={agent.id} name={agent.name} size={30} />
          <span>
            <bdi>{agent.name}</bdi>
            <span className={css.second}>{agent.email}</span>
          </span>
        </span>
      </th>
      <td>{roleName}</td>
      <td>{queueNames || '–'}</td>
      <td>{skillNames || '–'}</td>
      <td>{agent.disabled && <Chip tone="bad">{t('admin.disabled')}</Chip>}</td>
      <td className={css.end}>
        <Button variant="default" onClick={onEdit}>
          {t('common.edit')}
        </Button>
      </td>
    </tr>
  )
}

/** Everybody with an account: role, queues, skills. */
export function AgentsPage() {
  const { t } = useTranslation()
  const agents = useQuery({ queryKey: ['admin', 'agents'], queryFn: adminApi.agents })
  const roles = useQuery({ queryKey: ['admin', 'roles'], queryFn: adminApi.roles })
  const skills = useQuery({ queryKey: ['admin', 'skills'], queryFn: adminApi.skills })
  const queues = useQueues()
  const [editing, setEditing] = useState<Agent | 'new' | null>(null)
  const roleName = (id: string) => t(`role.${id}`, { defaultValue: roles.data?.items.find((r) => r.id === id)?.name ?? id })
  const skillName = (id: string) => skills.data?.items.find((s) => s.id === id)?.name
  const queueName = (id: string) => queues.find((q) => q.id === id)?.name
  if (agents.isError) return <Failure error={agents.error} onRetry={() => void agents.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.agentsHint')}</p>
        <Button leftSection={<UserPlus size={15} />} onClick={() => setEditing('new')}>
          {t('admin.addAgent')}
        </Button>
      </div>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('admin.name')}</th>
              <th scope="col">{t('admin.role')}</th>
              <th scope="col">{t('admin.queues')}</th>
              <th scope="col">{t('admin.skills')}</th>
              <td />
              <td />
            </tr>
          </thead>
          <tbody>
            {agents.data?.map((agent) => (
              <AgentRow
                key={agent.id}
                agent={agent}
                roleName={roleName(agent.roleId)}
                queueNames={agent.queueIds.flatMap((id) => queueName(id) ?? []).join(', ')}
                skillNames={agent.skills
                  .flatMap((s) => (skillName(s.skillId) ? [t('admin.skillLevel', { name: skillName(s.skillId), level: s.level })] : []))
                  .join(', ')}
                onEdit={() => setEditing(agent)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {editing !== null && <AgentDialog agent={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  )
}
