import type { Express } from 'express'
import type { ServiceContext } from '../services/context.ts'
import { openPublicFile } from '../services/files/open-file.ts'
import type { RateLimits } from './rate-limits.ts'
import type { DeclaredRoute } from './route-table.ts'
import { sendFile } from './send-file.ts'

/** Addresses handed to providers, as the golden table lists them. */
export const mediaRoutes: readonly DeclaredRoute[] = [{ method: 'get', path: '/media/:publicToken/:name', permission: 'link' }]

/** Serves files to providers by unguessable address; the name in it is for their eyes only. */
export function serveMedia(app: Express, ctx: ServiceContext, limits: RateLimits): void {
  app.get('/media/:publicToken/:name', async (req, res) => {
    await limits.takeFromAddress(req.ip ?? 'unknown')
    const file = await openPublicFile(ctx, req.params.publicToken)
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    await sendFile(req, res, file, 'public, max-age=86400')
  })
}
