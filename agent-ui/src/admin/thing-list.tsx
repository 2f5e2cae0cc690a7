import { Button } from '@mantine/core'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure } from '../parts/notice.tsx'
import css from './admin.module.css'

interface Named {
  readonly id: string
  readonly name: string
}

/** A list of named things with a form for each: what it is for, what each is in short, and a way to make one. */
export function ThingList<T extends Named>(props: {
  query: { isError: boolean; error: unknown; data: { items: readonly T[] } | undefined; refetch: () => unknown }
  hint: string
  addLabel: string
  emptyTitle: string
  /** What a thing is in short. */
  describe: (thing: T) => ReactNode
  /** Buttons beside the one to edit. */
  acts?: (thing: T, all: readonly T[]) => ReactNode
  dialog: (thing: T | null, onClose: () => void) => ReactNode
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<T | 'new' | null>(null)
  const items = props.query.data?.items ?? []
  if (props.query.isError) return <Failure error={props.query.error} onRetry={() => void props.query.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{props.hint}</p>
        <Button leftSection={<Plus size={15} />} onClick={() => setEditing('new')}>
          {props.addLabel}
        </Button>
      </div>
      {props.query.data !== undefined && items.length === 0 && <Empty title={props.emptyTitle} />}
      <div className={css.scroll}>
        <table className={css.table}>
          <tbody>
            {items.map((thing) => (
              <tr key={thing.id}>
                <th scope="row">{thing.name}</th>
                <td>{props.describe(thing)}</td>
                <td className={css.end}>
                  {props.acts?.(thing, items)}
                  <Button variant="default" onClick={() => setEditing(thing)}>
                    {t('common.edit')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.children}
      {editing !== null && props.dialog(editing === 'new' ? null : editing, () => setEditing(null))}
    </div>
  )
}
