import { Button, Loader } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SearchX, TextSearch } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { Empty, Failure } from '../parts/notice.tsx'
import { ContactResult } from './contact-hits.tsx'
import { ConversationResult } from './message-hits.tsx'
import css from './search.module.css'
import type { Search } from './search-api.ts'
import { SearchField } from './search-field.tsx'
import { SearchFilters } from './search-filters.tsx'
import { type Found, useSearchResults } from './use-search.ts'

/** Moves among the results with the arrows, and back to the field with the first one's or with Escape. */
function useArrows(field: { readonly current: HTMLInputElement | null }) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return
    const results = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-result]')]
    const at = results.indexOf(document.activeElement as HTMLElement)
    const inField = document.activeElement === field.current
    if (!inField && at === -1) return
    const target =
      event.key === 'ArrowDown' ? results[at + 1] : event.key === 'ArrowUp' && at >= 0 ? (results[at - 1] ?? field.current) : null
    const goal = event.key === 'Escape' && at >= 0 ? field.current : target
    if (goal === null || goal === undefined) return
    event.preventDefault()
    goal.focus()
  }
}

function Results({ found }: { found: Found }) {
  const { t } = useTranslation()
  const { conversations, contacts, loading, more } = found
  if (found.error !== null && conversations.length === 0) return <Failure error={found.error} onRetry={found.retry} />
  if (!found.asked)
    return (
      <Empty icon={<TextSearch size={32} strokeWidth={1.25} />} title={t('search.start')}>
        {t('search.startHint')}
      </Empty>
    )
  const nothing = conversations.length === 0 && contacts.length === 0
  return (
    <>
      {!found.complete && <p className={css.notice}>{t('search.incomplete')}</p>}
      {contacts.length > 0 && (
        <section aria-labelledby="found-contacts">
          <h2 id="found-contacts">{t('search.contacts')}</h2>
          <ul className={css.groups}>
            {contacts.map((hit) => (
              <ContactResult key={hit.contact.id} hit={hit} />
            ))}
          </ul>
        </section>
      )}
      {conversations.length > 0 && (
        <section aria-labelledby="found-conversations">
          <h2 id="found-conversations">{t('search.conversations')}</h2>
          <ul className={css.groups}>
            {conversations.map((group) => (
              <ConversationResult key={group.conversation.id} group={group} />
            ))}
          </ul>
        </section>
      )}
      {nothing && !loading && (
        <Empty icon={<SearchX size={32} strokeWidth={1.25} />} title={t('search.none')}>
          {t('search.noneHint')}
        </Empty>
      )}
      {more && !(nothing && loading) && (
        <Button className={css.more ?? ''} variant="default" loading={loading} onClick={found.loadMore}>
          {t('search.more')}
        </Button>
      )}
    </>
  )
}

/** Search over the whole history, as far as one may see it: by words, characters, phrases; narrowed down; opened at the message. */
export function SearchPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search: Search = useSearch({ from: '/search' })
  const found = useSearchResults(search)
  const field = useRef<HTMLInputElement>(null)
  const arrows = useArrows(field)
  useEffect(() => field.current?.focus(), [])
  useShortcuts({ Slash: () => field.current?.select() })
  const go = (next: Search) => void navigate({ to: '/search', search: next, replace: true })
  const count = found.conversations.reduce((sum, { hits }) => sum + hits.length, 0)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows only add to what Tab does; the results themselves are links and buttons.
    <div className={css.page} onKeyDown={arrows}>
      <search className={css.head}>
        <h1>{t('search.title')}</h1>
        <SearchField value={search.q ?? ''} field={field} onSearch={(q) => go(q.trim() === '' ? without(search) : { ...search, q })} />
        <SearchFilters search={search} onChange={go} />
      </search>
      <div className={css.results} aria-busy={found.loading}>
        <p className="visually-hidden" role="status">
          {found.asked && !found.loading ? t('search.found', { count, contacts: found.contacts.length }) : ''}
        </p>
        {found.loading && <Loader size="xs" className={css.loading ?? ''} aria-label={t('common.loading')} />}
        <Results found={found} />
      </div>
    </div>
  )
}

function without({ q: _q, ...rest }: Search): Search {
  return rest
}
