import { fileURLToPath } from 'node:url'
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const outDir = at('../../../dist/widget')
const hub = process.env['ONEQUEUE_URL'] ?? 'http://localhost:3000'

/** The loader is a classic script of its own: one file, nothing global but what it names. */
const loader: InlineConfig = {
  configFile: false,
  root: at('.'),
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir,
    emptyOutDir: false,
    target: 'es2020',
    lib: { entry: at('./src/loader/loader.ts'), formats: ['iife'], name: 'onequeueLoader', fileName: () => 'widget.js' },
  },
}

const withLoader: Plugin = {
  name: 'onequeue-loader',
  apply: 'build',
  closeBundle: {
    sequential: true,
    handler: async () => {
      await build(loader)
    },
  },
}

/** Builds the chat page with hashed assets, and the loader, into `dist/widget`. */
export default defineConfig({
  root: at('.'),
  publicDir: false,
  plugins: [withLoader],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    assetsDir: 'chat-assets',
    target: 'es2021',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: at('./chat.html') },
  },
  server: { proxy: { '/chat/': hub, '/socket.io': { target: hub, ws: true } } },
})
