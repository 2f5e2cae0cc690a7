import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'

/** Opens the search with `/` from anywhere; on its own page the key leads to the field. */
export function useSearchKey(): void {
  const navigate = useNavigate()
  const there = useRouterState({ select: (state) => state.location.pathname === '/search' })
  useShortcuts(there ? {} : { Slash: () => void navigate({ to: '/search' }) })
}
