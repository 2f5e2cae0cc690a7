/** A count as the badge shows it. */
export function badgeText(count: number): string {
  return count > 9 ? '9+' : String(count)
}

const counted = /^\(\d+\+?\) /

/** The page's title with the count of unseen messages before it; 0 gives the page's own title back. */
export function titleWith(title: string, count: number): string {
  const own = title.replace(counted, '')
  return count === 0 ? own : `(${badgeText(count)}) ${own}`
}
