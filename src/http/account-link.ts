import type { Express } from 'express'
import type { ServiceContext } from '../services/context.ts'
import { openAccountLink } from '../services/links/account-links.ts'
import type { RateLimits } from './rate-limits.ts'
import type { DeclaredRoute } from './route-table.ts'

/** Addresses handed to customers, as the golden table lists them. */
export const accountLinkRoutes: readonly DeclaredRoute[] = [{ method: 'get', path: '/link/:token', permission: 'link' }]

/** Leads a customer who was asked who they are to the company's log-in page; nothing of it is kept in between. */
export function serveAccountLinks(app: Express, ctx: ServiceContext, limits: RateLimits): void {
  app.get('/link/:token', async (req, res) => {
    await limits.takeFromAddress(req.ip ?? 'unknown')
    const url = await openAccountLink(ctx, req.params.token)
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    res.redirect(302, url)
  })
}
