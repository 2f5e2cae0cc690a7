/** A value that can be watched. */
export interface Readable<T> {
  get(): T
  /** Calls `listener` after each change. @returns a function that ends it. */
  subscribe(listener: () => void): () => void
}

/** A value that can be watched and changed by parts. */
export interface Store<T extends object> extends Readable<T> {
  set(changes: Partial<T>): void
}

/** Makes a store; a change that changes nothing tells nobody. */
export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (changes) => {
      const next = { ...value, ...changes }
      if ((Object.keys(changes) as (keyof T)[]).every((key) => Object.is(value[key], next[key]))) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
