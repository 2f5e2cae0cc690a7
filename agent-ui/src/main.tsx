import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import './theme/styles.ts'
import { isPassing } from './api/api-error.ts'
import { App } from './app/app.tsx'
import { appearanceOf, useAppearance } from './app/appearance.ts'
import { usePreferences } from './app/preferences.ts'
import { pickLocale, showLanguage } from './i18n/index.ts'
import { cssVariables, theme } from './theme/mantine.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, refetchOnWindowFocus: false, retry: (times, error) => isPassing(error) && times < 3 },
    mutations: { retry: false },
  },
})

function Page() {
  const scheme = useAppearance()
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <Notifications position="bottom-left" limit={3} containerWidth={340} />
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  )
}

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no root.')
appearanceOf(usePreferences.getState())
await showLanguage(usePreferences.getState().locale ?? pickLocale(navigator.languages))
createRoot(root).render(<Page />)
