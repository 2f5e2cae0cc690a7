import type { Readable } from 'node:stream'

/** What a scanner made of a file. `reason` is its own word for what it found, for administrators. */
export type Verdict = { readonly clean: true } | { readonly clean: false; readonly reason: string }

/** Looks for what harms in files before anybody may open them. */
export interface FileScanner {
  /**
   * Judges one file; the stream is consumed or destroyed.
   * @throws AppError 'unavailable' when no judgement can be had, 'too_large' when the scanner takes no file of this size.
   */
  scan(stream: Readable, facts: { readonly bytes: number; readonly mime: string }): Promise<Verdict>
}
