import { z } from 'zod'
import { confirmAccountLink, requestAccountLink } from '../../services/links/account-links.ts'
import { readMenus, setMenu } from '../../services/menus/contact-menu.ts'
import { idParam } from '../../wire/http.ts'
import { instantSchema } from '../../wire/words.ts'
import { type Route, route } from '../route.ts'

const menusSchema = z
  .object({ menus: z.array(z.object({ id: z.string(), name: z.string() })), current: z.string().nullable() })
  .meta({ id: 'CustomerMenus' })

/** What ties a customer's chat to the company: a proven account, and the menu they see. */
export const customerLinkRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/account-link',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Make an address by which the customer proves who they are to the company',
    params: idParam,
    output: z.object({ url: z.string(), expiresAt: instantSchema }),
    status: 201,
    handler: ({ ctx, viewer, params }) => requestAccountLink(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/account-links/confirm',
    permission: 'contact.write',
    tags: ['Contacts'],
    summary: 'Tell that a customer has logged in at the company’s own site',
    description: 'For the log-in page: `token` is the last part of its `return` address. Send the browser to `redirectUrl`.',
    body: z.object({
      token: z.string().min(8).max(200),
      accountId: z.string().trim().min(1).max(200),
      linkToken: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[A-Za-z0-9_-]+$/),
    }),
    example: { token: 'link_Ay2c', accountId: 'customer-1042', linkToken: 'NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY' },
    output: z.object({ redirectUrl: z.string() }),
    handler: ({ ctx, viewer, body }) => confirmAccountLink(ctx, viewer, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/menu',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Menus of the account, and the one the customer sees',
    params: idParam,
    output: menusSchema,
    handler: ({ ctx, viewer, params }) => readMenus(ctx, viewer, params.id),
  }),
  route({
    method: 'put',
    path: '/api/v1/conversations/:id/menu',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Show the customer another menu; null for the account’s default',
    params: idParam,
    body: z.object({ menuId: z.string().min(1).max(100).nullable() }),
    example: { menuId: null },
    output: menusSchema,
    handler: ({ ctx, viewer, params, body }) => setMenu(ctx, viewer, params.id, body.menuId),
  }),
]
