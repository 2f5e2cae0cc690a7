import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Locale } from '../../../src/wire/words.ts'

/** What a person chose for this browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  readonly density: 'compact' | 'cosy'
  /** Null until chosen: the agent's own language, then the browser's. */
  readonly locale: Locale | null
  readonly sendKey: 'enter' | 'mod_enter'
  /** The hint about the send key has been answered. */
  readonly sendKeyChosen: boolean
  readonly shortcuts: boolean
  readonly sound: boolean
  readonly panelOpen: boolean
}

interface PreferencesStore extends Preferences {
  readonly choose: (changes: Partial<Preferences>) => void
}

/** Preferences, kept in the browser under `onequeue.preferences`; `appearance.js` reads them before the first paint. */
export const usePreferences = create<PreferencesStore>()(
  persist(
    (set) => ({
      theme: 'system',
      density: 'compact',
      locale: null,
      sendKey: 'enter',
      sendKeyChosen: false,
      shortcuts: true,
      sound: true,
      panelOpen: true,
      choose: (changes) => set(changes),
    }),
    { name: 'onequeue.preferences', version: 1 },
  ),
)
