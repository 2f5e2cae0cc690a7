import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import type { Problem } from '../../../../src/wire/errors.ts'
import { type customerMailSchema, mailboxesSchema, mailboxSchema, mailboxThreadSchema } from '../../../../src/wire/mailbox.ts'
import { SandboxError } from '../api.ts'

const api = '/sandbox/api/mail'
const boxesKey = ['mailboxes']
const threadKey = (address: string) => ['mailbox', address]
const boxPath = (address: string) => `/boxes/${encodeURIComponent(address)}`

async function ask(path: string, body?: unknown): Promise<unknown> {
  const write = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`${api}${path}`, { credentials: 'same-origin', ...(body === undefined ? {} : write) }).catch(() => {
    throw new SandboxError(0, '')
  })
  if (answer.ok) return answer.json()
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>
  throw new SandboxError(answer.status, problem.detail ?? '')
}

/** All mailboxes, and where customers write to. */
export function useMailboxes() {
  return useQuery({ queryKey: boxesKey, queryFn: async () => mailboxesSchema.parse(await ask('')) })
}

/** One customer's mail. */
export function useMailbox(address: string) {
  return useQuery({ queryKey: threadKey(address), queryFn: async () => mailboxThreadSchema.parse(await ask(boxPath(address))) })
}

/** Sends a customer's mail. */
export function useWriteMail(address: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (mail: z.input<typeof customerMailSchema>) => mailboxThreadSchema.parse(await ask(boxPath(address), mail)),
    onSuccess: (thread) => {
      queries.setQueryData(threadKey(address), thread)
      void queries.invalidateQueries({ queryKey: boxesKey })
    },
  })
}

/** Gives another customer a mailbox. */
export function useAddMailbox() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (mailbox: { address: string; name: string }) => mailboxSchema.parse(await ask('', mailbox)),
    onSuccess: () => queries.invalidateQueries({ queryKey: boxesKey }),
  })
}

/** Fetches again what changes, as the hub tells it. */
export function useMailChanges(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const source = new EventSource(`${api}/changes`)
    const refresh = () => {
      void queries.invalidateQueries({ queryKey: boxesKey })
      void queries.invalidateQueries({ queryKey: ['mailbox'] })
    }
    source.onopen = refresh
    source.onmessage = refresh
    return () => source.close()
  }, [queries])
}

/** Address of a file of a mail. */
export function mailFileUrl(id: string): string {
  return `${api}/files/${encodeURIComponent(id)}`
}
