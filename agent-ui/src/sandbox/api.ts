import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Problem } from '../../../src/wire/errors.ts'
import {
  type PhoneAct,
  type PhoneSwitches,
  phoneChangeSchema,
  phoneCustomerSchema,
  phonePlatformSchema,
  phonesSchema,
  phoneThreadSchema,
} from '../../../src/wire/sandbox.ts'

const api = '/sandbox/api'

/** What the hub said when it refused; `status` 0 when it was not reached. */
export class SandboxError extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(`${api}${path}`, { credentials: 'same-origin', ...init }).catch(() => {
    throw new SandboxError(0, '')
  })
  if (answer.ok) return answer.json()
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>
  throw new SandboxError(answer.status, problem.detail ?? '')
}

const post = (path: string, body: unknown): Promise<unknown> =>
  ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

/** Whose phone it is. */
export interface PhoneId {
  readonly accountId: string
  readonly customerId: string
}

const pathOf = ({ accountId, customerId }: PhoneId): string => `/phones/${encodeURIComponent(accountId)}/${encodeURIComponent(customerId)}`
const phonesKey = ['phones']
const threadKey = ({ accountId, customerId }: PhoneId) => ['thread', accountId, customerId]

/** All accounts and their customers. */
export function usePhones() {
  return useQuery({ queryKey: phonesKey, queryFn: async () => phonesSchema.parse(await ask('/phones')) })
}

/** One chat from the customer's side. */
export function useThread(phone: PhoneId) {
  return useQuery({ queryKey: threadKey(phone), queryFn: async () => phoneThreadSchema.parse(await ask(pathOf(phone))) })
}

/** Acts of one customer; each shows the chat as it is afterwards. */
export function usePhone(phone: PhoneId) {
  const queries = useQueryClient()
  const show = (answer: unknown): void => {
    queries.setQueryData(threadKey(phone), phoneThreadSchema.parse(answer))
    void queries.invalidateQueries({ queryKey: phonesKey })
  }
  const act = useMutation({ mutationFn: (input: PhoneAct) => post(pathOf(phone), input), onSuccess: show })
  const sendImage = useMutation({
    mutationFn: (file: File) => ask(`${pathOf(phone)}/image`, { method: 'POST', headers: { 'Content-Type': file.type }, body: file }),
    onSuccess: show,
  })
  const sendFile = useMutation({
    mutationFn: async (file: File) =>
      ask(`${pathOf(phone)}/file?name=${encodeURIComponent(file.name)}`, {
        method: 'POST',
        headers: { 'Content-Type': file.type || 'application/octet-stream' },
        body: file,
      }),
    onSuccess: show,
  })
  return { act, sendImage, sendFile }
}

/** The stand-in platform's switches of an account. */
export function usePlatform(accountId: string) {
  const queries = useQueryClient()
  const path = `/platform/${encodeURIComponent(accountId)}`
  const key = ['platform', accountId]
  const { data } = useQuery({ queryKey: key, queryFn: async () => phonePlatformSchema.parse(await ask(path)) })
  const change = useMutation({
    mutationFn: async (changes: Partial<PhoneSwitches>) => phonePlatformSchema.parse(await post(path, changes)),
    onSuccess: (platform) => queries.setQueryData(key, platform),
  })
  return { data, change }
}

/** Adds a customer to an account. */
export function useAddCustomer(accountId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (name: string) => phoneCustomerSchema.parse(await post(`/phones/${encodeURIComponent(accountId)}`, { name })),
    onSuccess: () => queries.invalidateQueries({ queryKey: phonesKey }),
  })
}

/** Fetches again what changes, as the hub tells it; answers whether the hub can be heard. */
export function useChanges(): boolean {
  const queries = useQueryClient()
  const [heard, setHeard] = useState(true)
  useEffect(() => {
    const source = new EventSource(`${api}/changes`)
    source.onopen = () => {
      setHeard(true)
      // What happened before the stream began, or while it was cut, was not told.
      void queries.invalidateQueries()
    }
    source.onerror = () => setHeard(false)
    source.onmessage = (event: MessageEvent<string>) => {
      const change = phoneChangeSchema.safeParse(JSON.parse(event.data))
      if (!change.success) return
      void queries.invalidateQueries({ queryKey: phonesKey })
      void queries.invalidateQueries({ queryKey: ['platform'] })
      void queries.invalidateQueries({ queryKey: threadKey(change.data) })
    }
    return () => source.close()
  }, [queries])
  return heard
}
