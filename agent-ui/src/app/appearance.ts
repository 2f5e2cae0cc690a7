import { useEffect, useSyncExternalStore } from 'react'
import type { Locale } from '../../../src/wire/words.ts'
import { pickLocale, showLanguage } from '../i18n/index.ts'
import { useLive } from '../live/store.ts'
import { type Preferences, usePreferences } from './preferences.ts'

const darkQuery = '(prefers-color-scheme: dark)'

function onSystemScheme(changed: () => void): () => void {
  const query = matchMedia(darkQuery)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** Puts density on the page; theme and language follow on their own. */
export function appearanceOf(preferences: Pick<Preferences, 'density'>): void {
  document.documentElement.dataset['density'] = preferences.density
}

/** The language to show: the one chosen here, else the agent's own, else the browser's. */
export function useLocale(): Locale {
  const chosen = usePreferences((p) => p.locale)
  const own = useLive((l) => l.me?.agent.locale)
  return chosen ?? own ?? pickLocale(navigator.languages)
}

/** Keeps theme, density and language of the page as preferred; answers with the theme in force. */
export function useAppearance(): 'light' | 'dark' {
  const theme = usePreferences((p) => p.theme)
  const density = usePreferences((p) => p.density)
  const locale = useLocale()
  const dark = useSyncExternalStore(onSystemScheme, () => matchMedia(darkQuery).matches)
  useEffect(() => appearanceOf({ density }), [density])
  useEffect(() => {
    void showLanguage(locale)
  }, [locale])
  return theme === 'system' ? (dark ? 'dark' : 'light') : theme
}
