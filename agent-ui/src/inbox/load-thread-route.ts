/** Fetches the part of the console that shows a conversation; it is not part of the first load. Idempotent. */
export const loadThreadRoute = () => import('./thread-route.tsx')
