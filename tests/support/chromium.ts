import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Flags for a browser without a screen that asks nothing of the network by itself and also runs as root. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
]

/**
 * Starts a Chromium: the machine's own, or the npm-shipped one where there is none. Close it after use.
 * @throws Error with one sentence when neither starts.
 */
export async function openBrowser(): Promise<Browser> {
  const own = await findInPath(['chromium', 'chromium-browser', 'google-chrome'])
  const executablePath = own ?? (await shippedChromium())
  try {
    return await chromium.launch({ executablePath, args: flags, headless: true })
  } catch (cause) {
    throw new Error('Chromium could not be started; install it (apt-get install chromium) to run the browser tests.', {
      cause,
    })
  }
}

/** The npm-shipped build unpacks itself into the temporary folder once; it needs the system library libnss3. */
async function shippedChromium(): Promise<string> {
  const { default: shipped } = await import('@sparticuz/chromium')
  return shipped.executablePath()
}

async function findInPath(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}
