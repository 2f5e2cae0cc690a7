import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import type { MailAddress } from '../../../../src/wire/mail.ts'

/** What an unsent mail has beside its plain words; what is undefined follows the suggestion. */
export interface MailDraft {
  readonly html: string
  readonly subject?: string
  readonly to?: readonly string[]
  readonly cc?: readonly string[]
  readonly bcc?: readonly string[]
  readonly signature: boolean
  readonly quote: boolean
}

/** A mail nobody has begun. */
export const emptyMailDraft: MailDraft = { html: '', signature: true, quote: true }

interface MailDrafts {
  readonly drafts: Readonly<Record<string, MailDraft>>
  /** Mails that may still be taken back, by client id, so that they can be gone on with. */
  readonly sent: Readonly<Record<string, MailDraft>>
  /** Raised when a draft was put there by something else than its editor. */
  readonly version: number
  readonly change: (conversationId: string, changes: Partial<MailDraft>) => void
  readonly clear: (conversationId: string) => void
  readonly keepSent: (clientId: string, draft: MailDraft) => void
  readonly restore: (conversationId: string, draft: MailDraft) => void
}

const maxSent = 20

/** Unsent mails, per conversation, kept while the tab lives. */
export const useMailDrafts = create<MailDrafts>()(
  persist(
    (set, get) => ({
      drafts: {},
      sent: {},
      version: 0,
      change: (conversationId, changes) => {
        const { drafts } = get()
        set({ drafts: { ...drafts, [conversationId]: { ...(drafts[conversationId] ?? emptyMailDraft), ...changes } } })
      },
      clear: (conversationId) => {
        const { [conversationId]: _gone, ...others } = get().drafts
        set({ drafts: others, version: get().version + 1 })
      },
      keepSent: (clientId, draft) => set({ sent: Object.fromEntries([...Object.entries(get().sent), [clientId, draft]].slice(-maxSent)) }),
      restore: (conversationId, draft) => set({ drafts: { ...get().drafts, [conversationId]: draft }, version: get().version + 1 }),
    }),
    { name: 'onequeue.mail-drafts', version: 1, storage: createJSONStorage(() => sessionStorage) },
  ),
)

/** A recipient as people write one: `Name <address>` or the address alone. */
export function writeAddress({ address, name }: MailAddress): string {
  return name === null || name === '' ? address : `${name} <${address}>`
}

const plainAddress = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>()[\]\\,;:"]{1,253}$/

/** Reads what somebody wrote as a recipient; null when it is none. */
export function readAddress(text: string): MailAddress | null {
  const [, name = '', inner] = /^\s*(.*?)\s*<([^<>]*)>\s*$/.exec(text) ?? []
  const address = (inner ?? text).trim()
  if (!plainAddress.test(address)) return null
  const clean = name.replaceAll(/^["']|["']$/g, '').trim()
  return { address, name: clean === '' ? null : clean.slice(0, 120) }
}
