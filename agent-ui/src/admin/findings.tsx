import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../live/use-things.ts'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

/** What cannot work in the configuration in force; nothing while all of it can. */
export function Findings() {
  const { t } = useTranslation()
  const may = useMay('routing.manage')
  const found = useQuery({ queryKey: ['admin', 'findings'], queryFn: adminApi.findings, enabled: may, staleTime: 0 }).data?.items ?? []
  if (found.length === 0) return null
  return (
    <section className={css.findings} aria-label={t('admin.findings')}>
      <h2>
        <TriangleAlert size={16} aria-hidden="true" /> {t('admin.findings')}
      </h2>
      <ul>
        {found.map(({ code, about, path, sentence }) => (
          <li key={`${code}:${about.id}:${path}`} title={sentence}>
            {t(`admin.finding.${code}`, { name: about.name })}
          </li>
        ))}
      </ul>
    </section>
  )
}
