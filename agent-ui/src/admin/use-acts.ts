import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSentence } from '../i18n/use-sentence.ts'
import { tellFailure } from '../parts/toast.tsx'

/** Saving and removing a thing of a list, and what the list does after. */
export interface Acts<I> {
  readonly key: string
  readonly add: (input: I) => Promise<unknown>
  readonly change: (id: string, input: I) => Promise<unknown>
  readonly remove: (id: string) => Promise<unknown>
}

/** The two acts of a dialog on a thing (null = a new one); the list under `['admin', key]` is read again after each. */
export function useActs<I>({ key, add, change, remove }: Acts<I>, id: string | null, onDone: () => void) {
  const sentence = useSentence()
  const queries = useQueryClient()
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ['admin', key] })
    await queries.invalidateQueries({ queryKey: ['admin', 'findings'] })
    onDone()
  }
  return {
    save: useMutation({ mutationFn: (input: I) => (id === null ? add(input) : change(id, input)), onSuccess }),
    remove: useMutation({
      mutationFn: () => (id === null ? Promise.resolve() : remove(id)),
      onSuccess,
      onError: (e) => tellFailure(sentence(e)),
    }),
  }
}
