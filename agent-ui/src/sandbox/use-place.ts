import { useCallback, useSyncExternalStore } from 'react'

/** What the page shows; it stands in the address, so that a reload keeps it. */
export type Place =
  | { readonly tab: 'line' | 'sms'; readonly accountId: string | null; readonly customerId: string | null }
  | { readonly tab: 'shop' }
  | { readonly tab: 'mail'; readonly address: string | null }

function read(hash: string): Place {
  const [tab, accountId, customerId] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  if (tab === 'shop') return { tab }
  if (tab === 'mail') return { tab, address: accountId || null }
  return { tab: tab === 'sms' ? 'sms' : 'line', accountId: accountId || null, customerId: customerId || null }
}

function write(place: Place): string {
  if (place.tab === 'shop') return '#/shop'
  if (place.tab === 'mail') return `#/mail${place.address === null ? '' : `/${encodeURIComponent(place.address)}`}`
  return `#/${[place.tab, place.accountId, place.customerId]
    .filter((part) => part !== null)
    .map(encodeURIComponent)
    .join('/')}`
}

function onHash(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** The place in the address, and how to go to another. */
export function usePlace(): [Place, (place: Place) => void] {
  const hash = useSyncExternalStore(onHash, () => location.hash)
  const go = useCallback((place: Place) => {
    location.hash = write(place)
  }, [])
  return [read(hash), go]
}
