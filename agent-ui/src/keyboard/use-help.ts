import { create } from 'zustand'

/** Whether the list of shortcuts is open. */
export const useHelp = create<{ shown: boolean; open: () => void; close: () => void }>()((set) => ({
  shown: false,
  open: () => set({ shown: true }),
  close: () => set({ shown: false }),
}))
