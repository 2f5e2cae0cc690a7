// The hub from its sources; started by bin/dev.mjs under `node --watch --import tsx`.
import { main } from '../src/cli/main.ts'

process.exitCode = await main(['start', ...process.argv.slice(2)])
