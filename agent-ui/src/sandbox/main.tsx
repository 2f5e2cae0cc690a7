import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import '../theme/tokens.css'
import '../theme/base.css'
import { pickLocale } from '../i18n/index.ts'
import { showSandboxLanguage } from './language.ts'
import { SandboxPage } from './sandbox-page.tsx'

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, refetchOnWindowFocus: true, retry: 3 } } })
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no root.')
await showSandboxLanguage(
  pickLocale([document.documentElement.lang, ...navigator.languages].filter((tag) => tag !== 'en' || navigator.languages.includes('en'))),
)
createRoot(root).render(
  <QueryClientProvider client={queries}>
    <SandboxPage />
  </QueryClientProvider>,
)
