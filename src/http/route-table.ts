import type { Permission } from '../core/access/permissions.ts'

/**
 * A route as the golden table lists it. `public`: anybody. `signature`: whoever signs as the provider does.
 * `visitor`: the bearer of a visitor token, on their own thread only. `link`: whoever knows the unguessable address.
 */
export interface DeclaredRoute {
  readonly method: string
  readonly path: string
  readonly permission: Permission | 'public' | 'signature' | 'visitor' | 'link'
}
