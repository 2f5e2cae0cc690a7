import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const pages = { index: at('./index.html'), sandbox: at('./sandbox.html') }
const hub = process.env['ONEQUEUE_URL'] ?? 'http://localhost:3000'

const config: UserConfig = {
  root: at('.'),
  plugins: [react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: at('../dist/agent-ui'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Fonts and images stay files: a data: address would need a wider content policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: Object.fromEntries(Object.entries(pages).filter(([, file]) => existsSync(file))) },
  },
  server: {
    proxy: {
      '/api': hub,
      '/sandbox/': hub,
      '/socket.io': { target: hub, ws: true },
    },
  },
}

/** Builds the console (and the sandbox page, where it exists) into `dist/agent-ui` with hashed assets. */
export default defineConfig(({ command }) => {
  // Whoever builds, a test too, gets the product: under another NODE_ENV React would be its slow, large self.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  return config
})
