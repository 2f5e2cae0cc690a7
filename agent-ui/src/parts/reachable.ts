/** What a region that scrolls carries, so that those without a mouse can scroll it too (axe: scrollable-region-focusable). */
export const reachable = { tabIndex: 0 } as const
