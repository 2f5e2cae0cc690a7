import { ActionIcon } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../i18n/use-sentence.ts'
import { tellFailure } from '../parts/toast.tsx'

/** Moves a thing one place up or down in its list. */
export function MoveButtons(props: {
  id: string
  name: string
  ids: readonly string[]
  listKey: string
  order: (ids: readonly string[]) => Promise<unknown>
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: (ids: readonly string[]) => props.order(ids),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin', props.listKey] }),
    onError: (error) => tellFailure(sentence(error)),
  })
  const at = props.ids.indexOf(props.id)
  const swapped = (by: 1 | -1) => {
    const ids = [...props.ids]
    ids.splice(at, 1)
    ids.splice(at + by, 0, props.id)
    return ids
  }
  return (
    <>
      <ActionIcon
        aria-label={t('admin.moveUp', { name: props.name })}
        disabled={at <= 0 || move.isPending}
        onClick={() => move.mutate(swapped(-1))}
      >
        <ArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        aria-label={t('admin.moveDown', { name: props.name })}
        disabled={at === props.ids.length - 1 || move.isPending}
        onClick={() => move.mutate(swapped(1))}
      >
        <ArrowDown size={16} />
      </ActionIcon>
    </>
  )
}
