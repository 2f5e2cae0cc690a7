import { create } from 'zustand'

/** Browser's clock, epoch ms; the only place of the console that reads it. */
export function browserNow(): number {
  return Date.now()
}

const remembered = 6

interface ClockOffset {
  /** Server's clock minus ours, ms. */
  readonly offsetMs: number
  readonly samples: readonly number[]
  /** Takes the server's time as told in a heartbeat or a snapshot. */
  readonly observe: (serverAt: number) => void
}

/**
 * How far the server's clock is ahead. A told time is always late by its way here, so the largest of
 * the last differences is the nearest to the truth.
 */
export const useClockOffset = create<ClockOffset>()((set, get) => ({
  offsetMs: 0,
  samples: [],
  observe: (serverAt) => {
    const samples = [...get().samples, serverAt - browserNow()].slice(-remembered)
    set({ samples, offsetMs: Math.max(...samples) })
  },
}))

/** Server's time as far as we can know it, epoch ms; deadlines are compared with this. */
export function serverNow(): number {
  return browserNow() + useClockOffset.getState().offsetMs
}
