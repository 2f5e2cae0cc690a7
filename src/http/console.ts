import { existsSync } from 'node:fs'
import { join } from 'node:path'
import compression from 'compression'
import express, { type Express } from 'express'
import { AppError } from '../lib/errors.ts'
import type { DeclaredRoute } from './route-table.ts'

/** The console's addresses, as the golden table lists them. */
export const consoleRoutes: readonly DeclaredRoute[] = [
  { method: 'get', path: '/assets/*file', permission: 'public' },
  { method: 'get', path: '/{*page}', permission: 'public' },
]

/** First parts of addresses that are never a page of the console. */
const notPages = /^\/(api|webhooks|socket\.io|chat|sandbox|media|metrics|healthz|readyz|assets)(\/|$)/

/**
 * Serves the built console: hashed files for a year, pages afresh each time. Every address that is no file is one
 * of the console's own pages.
 */
export function serveConsole(app: Express, directory: string): void {
  const page = join(directory, 'index.html')
  const options = { index: false, dotfiles: 'ignore', redirect: false } as const
  const packed = compression()
  app.get('/assets/*file', packed, express.static(directory, { ...options, immutable: true, maxAge: '365d', fallthrough: true }))
  app.get('/{*page}', packed, express.static(directory, { ...options, maxAge: 0 }), (req, res, next) => {
    // A path with a dot asks for a file, and that is not there.
    if (notPages.test(req.path) || /\.\w+$/.test(req.path)) {
      next()
      return
    }
    if (!existsSync(page)) throw new AppError('unavailable', 'The console is not built; run "npm run build".')
    res.setHeader('Cache-Control', 'no-cache')
    res.sendFile(page)
  })
}
