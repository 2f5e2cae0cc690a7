import type { TextStorage } from './outbox.ts'

/**
 * The browser's storage, or one that lasts as long as the page where the browser refuses it (private windows, frames of other
 * sites). A full storage also falls back to memory, so that writing never fails.
 */
export function openStorage(): TextStorage {
  const memory = memoryStorage()
  const local = browserStorage()
  if (local === null) return memory
  return {
    get length() {
      return local.length + memory.length
    },
    key: (at) => (at < local.length ? local.key(at) : memory.key(at - local.length)),
    getItem: (key) => memory.getItem(key) ?? local.getItem(key),
    setItem: (key, value) => {
      try {
        local.setItem(key, value)
        memory.removeItem(key)
      } catch {
        memory.setItem(key, value)
      }
    },
    removeItem: (key) => {
      memory.removeItem(key)
      local.removeItem(key)
    },
  }
}

function browserStorage(): Storage | null {
  try {
    const probe = 'onequeue:probe'
    localStorage.setItem(probe, '1')
    localStorage.removeItem(probe)
    return localStorage
  } catch {
    return null
  }
}

/** A storage without a disk behind it. */
export function memoryStorage(): TextStorage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}
