import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { ConversationView } from '../../../src/wire/conversations.ts'
import { InboxPage } from '../inbox/inbox-page.tsx'
import { loadThreadRoute } from '../inbox/load-thread-route.ts'
import { NoThread } from '../inbox/no-thread.tsx'
import { readSearch } from '../search/search-address.ts'
import { NotFound } from './not-found.tsx'
import { PageFailure } from './page-failure.tsx'
import { Shell } from './shell.tsx'

/** The views of the conversation list, in the order menus show them. */
export const views: readonly ConversationView[] = ['mine', 'waiting', 'open', 'resolved']

/** What the address of a list may carry beside its view. */
export interface InboxSearch {
  readonly queue?: string
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'mine' } })
  },
})

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$view',
  component: InboxPage,
  validateSearch: (search: Record<string, unknown>): InboxSearch => (typeof search['queue'] === 'string' ? { queue: search['queue'] } : {}),
  beforeLoad: ({ params }) => {
    if (!(views as readonly string[]).includes(params.view)) throw redirect({ to: '/inbox/$view', params: { view: 'mine' } })
  },
})
const noThread = createRoute({ getParentRoute: () => inbox, path: '/', component: NoThread })
const thread = createRoute({
  getParentRoute: () => inbox,
  path: '/$conversationId',
  component: lazyRouteComponent(loadThreadRoute, 'ThreadRoute'),
})

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(() => import('../search/search-page.tsx'), 'SearchPage'),
  validateSearch: readSearch,
})

const supervisor = createRoute({
  getParentRoute: () => root,
  path: '/supervisor',
  component: lazyRouteComponent(() => import('../supervisor/supervisor-page.tsx'), 'SupervisorPage'),
})

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profile',
  component: lazyRouteComponent(() => import('../profile/profile-page.tsx'), 'ProfilePage'),
})

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(() => import('../admin/admin-page.tsx'), 'AdminPage'),
})
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/agents' })
  },
})
const adminAgents = createRoute({
  getParentRoute: () => admin,
  path: '/agents',
  component: lazyRouteComponent(() => import('../admin/agents-page.tsx'), 'AgentsPage'),
})
const adminQueues = createRoute({
  getParentRoute: () => admin,
  path: '/queues',
  component: lazyRouteComponent(() => import('../admin/queues-page.tsx'), 'QueuesPage'),
})
const adminSkills = createRoute({
  getParentRoute: () => admin,
  path: '/skills',
  component: lazyRouteComponent(() => import('../admin/skills-page.tsx'), 'SkillsPage'),
})
const adminGroups = createRoute({
  getParentRoute: () => admin,
  path: '/groups',
  component: lazyRouteComponent(() => import('../admin/groups-page.tsx'), 'GroupsPage'),
})
const adminRules = createRoute({
  getParentRoute: () => admin,
  path: '/rules',
  component: lazyRouteComponent(() => import('../admin/rules-page.tsx'), 'RulesPage'),
})
const adminCalendars = createRoute({
  getParentRoute: () => admin,
  path: '/calendars',
  component: lazyRouteComponent(() => import('../admin/calendars-page.tsx'), 'CalendarsPage'),
})
const adminSla = createRoute({
  getParentRoute: () => admin,
  path: '/sla',
  component: lazyRouteComponent(() => import('../admin/sla-page.tsx'), 'SlaPage'),
})
const adminInboxes = createRoute({
  getParentRoute: () => admin,
  path: '/inboxes',
  component: lazyRouteComponent(() => import('../admin/inboxes-page.tsx'), 'InboxesPage'),
})
const adminTokens = createRoute({
  getParentRoute: () => admin,
  path: '/tokens',
  component: lazyRouteComponent(() => import('../admin/tokens-page.tsx'), 'TokensPage'),
})
const adminDeliveries = createRoute({
  getParentRoute: () => admin,
  path: '/deliveries',
  component: lazyRouteComponent(() => import('../admin/deliveries-page.tsx'), 'DeliveriesPage'),
})

const routeTree = root.addChildren([
  home,
  inbox.addChildren([noThread, thread]),
  search,
  supervisor,
  profile,
  admin.addChildren([
    adminHome,
    adminAgents,
    adminQueues,
    adminSkills,
    adminGroups,
    adminRules,
    adminCalendars,
    adminSla,
    adminInboxes,
    adminTokens,
    adminDeliveries,
  ]),
])

/** Addresses of the console. Pages of supervisors and administrators are loaded when they are opened. */
export const router = createRouter({ routeTree, defaultPreload: 'intent', defaultErrorComponent: PageFailure })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
