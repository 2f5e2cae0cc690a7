/** What one look came to. `fault` keeps the hub from working, `warning` will one day. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault'
  /** One sentence; with what to do where something is to be done. */
  readonly says: string
}

export const ok = (says: string): Finding => ({ level: 'ok', says })
export const warning = (says: string): Finding => ({ level: 'warning', says })
export const fault = (says: string): Finding => ({ level: 'fault', says })

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
