/** Things to be done at instants, the earliest first: a binary heap. */
export class Timers<T> {
  readonly #heap: { readonly at: number; readonly what: T }[] = []

  get first(): { readonly at: number; readonly what: T } | undefined {
    return this.#heap[0]
  }

  push(at: number, what: T): void {
    const heap = this.#heap
    let child = heap.length
    const entry = { at, what }
    heap.push(entry)
    while (child > 0) {
      const parent = (child - 1) >>> 1
      const above = heap[parent]
      if (above === undefined || above.at <= at) break
      heap[child] = above
      child = parent
    }
    heap[child] = entry
  }

  /** Takes out the earliest. */
  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let parent = 0
    for (;;) {
      let child = parent * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1]?.at ?? 0) < (heap[child]?.at ?? 0)) child += 1
      const below = heap[child]
      if (below === undefined || below.at >= last.at) break
      heap[parent] = below
      parent = child
    }
    heap[parent] = last
  }
}
