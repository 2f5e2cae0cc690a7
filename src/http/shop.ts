import { and, asc, eq } from 'drizzle-orm'
import express, { type Request, type Router } from 'express'
import type { ServiceContext } from '../services/context.ts'
import { type Locale, localeSchema } from '../wire/words.ts'
import type { DeclaredRoute } from './route-table.ts'

/** Writes the demo shop's page. */
export type RenderShop = (shop: { inboxId: string | null; locale: Locale }) => string

const path = '/sandbox/shop'

/** The demo shop's routes; they exist with `DEMO=1` only. */
export const shopRouteTable: readonly DeclaredRoute[] = [{ method: 'get', path, permission: 'public' }]

/** Serves the demo shop, with the oldest open web chat in its corner, in `?lang=` or the browser's language. */
export function createShopRouter(ctx: ServiceContext, render: RenderShop): Router {
  const router = express.Router()
  router.get(path, async (request, response) => {
    const { inboxes } = ctx.store.t
    const [inbox] = await ctx.store.db
      .select({ id: inboxes.id })
      .from(inboxes)
      .where(and(eq(inboxes.channel, 'webchat'), eq(inboxes.enabled, true)))
      .orderBy(asc(inboxes.id))
      .limit(1)
    response.set({ 'Cache-Control': 'no-store', 'Content-Language': localeOf(request) })
    response.type('html').send(render({ inboxId: inbox?.id ?? null, locale: localeOf(request) }))
  })
  return router
}

function localeOf(request: Request): Locale {
  const asked = localeSchema.safeParse(request.query['lang'])
  if (asked.success) return asked.data
  const accepted = request.acceptsLanguages('en', 'zh-TW', 'zh-Hant', 'zh-HK', 'zh-CN', 'zh-Hans', 'zh', 'ja')
  if (accepted === 'zh-TW' || accepted === 'zh-Hant' || accepted === 'zh-HK') return 'zh-TW'
  if (accepted === 'zh-CN' || accepted === 'zh-Hans' || accepted === 'zh') return 'zh-CN'
  return accepted === 'ja' ? 'ja' : 'en'
}
