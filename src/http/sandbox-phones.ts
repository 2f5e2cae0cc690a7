import type { CustomerPhones } from './sandbox.ts'

/** Phones of several stand-ins as one: each account belongs to the first that has it. */
export function joinPhones(all: readonly CustomerPhones[]): CustomerPhones {
  const ownerOf = (accountId: string): CustomerPhones | undefined =>
    all.find((phones) => phones.list().accounts.some(({ id }) => id === accountId))
  return {
    list: () => {
      const lists = all.map((phones) => phones.list())
      return { now: Math.max(0, ...lists.map(({ now }) => now)), accounts: lists.flatMap(({ accounts }) => accounts) }
    },
    thread: (accountId, customerId) => ownerOf(accountId)?.thread(accountId, customerId) ?? null,
    act: async (accountId, customerId, act) => (await ownerOf(accountId)?.act(accountId, customerId, act)) ?? null,
    sendImage: async (accountId, customerId, image) => (await ownerOf(accountId)?.sendImage(accountId, customerId, image)) ?? null,
    sendFile: async (accountId, customerId, file) => (await ownerOf(accountId)?.sendFile(accountId, customerId, file)) ?? null,
    addCustomer: async (accountId, name) => (await ownerOf(accountId)?.addCustomer(accountId, name)) ?? null,
    platform: (accountId) => ownerOf(accountId)?.platform(accountId) ?? null,
    setSwitches: (accountId, changes) => ownerOf(accountId)?.setSwitches(accountId, changes) ?? null,
    content: (messageId) => all.map((phones) => phones.content(messageId)).find((content) => content !== null) ?? null,
    onChange: (listener) => {
      const ends = all.map((phones) => phones.onChange(listener))
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
