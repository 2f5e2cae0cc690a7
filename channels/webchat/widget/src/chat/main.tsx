import { render } from 'preact'
import '../../../../../agent-ui/src/theme/tokens.css'
import './chat.css'
import { App } from './app.tsx'
import { openBridge } from './bridge.ts'
import { ChatClient } from './client.ts'
import { ChatProvider } from './context.ts'
import { loadLanguage } from './i18n.ts'
import { readPage } from './page.ts'
import { followScheme } from './scheme.ts'

const page = readPage(location, window.parent !== window, navigator.languages)
document.documentElement.lang = page.locale
followScheme(page.scheme)

const client = new ChatClient(page)
const bridge = openBridge(page.parentOrigin)
document.documentElement.dataset['framed'] = String(bridge.framed)

void loadLanguage(page.locale).then((language) => {
  const root = document.getElementById('chat')
  if (root === null) return
  const chat = { client, language, bridge }
  render(
    <ChatProvider value={chat}>
      <App />
    </ChatProvider>,
    root,
  )
})
