import { create } from 'zustand'
import { browserNow } from './clock.ts'

/** How the console stands to the event log: `in_sync` means that everything visible has been applied. */
export type LinkStatus = 'connecting' | 'catching_up' | 'in_sync' | 'offline'

/** A heartbeat later than this means that the line is dead, whatever the socket believes. */
export const heartbeatLateMs = 25_000

interface Link {
  readonly status: LinkStatus
  /** When `status` began, browser's clock. */
  readonly since: number
  readonly heartbeatAt: number | null
  /** The socket can carry calls. */
  readonly connected: boolean
  readonly move: (status: LinkStatus) => void
  readonly beat: () => void
}

/** The state of the live connection, for the badge and for deciding how to send. */
export const useLink = create<Link>()((set, get) => ({
  status: 'connecting',
  since: browserNow(),
  heartbeatAt: null,
  connected: false,
  move: (status) => {
    const connected = status === 'in_sync' || status === 'catching_up'
    if (get().status !== status) set({ status, since: browserNow(), connected })
  },
  beat: () => set({ heartbeatAt: browserNow() }),
}))
