import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRedis, redisReady } from '../../adapters/redis-connection.ts'
import type { Config } from '../../config.ts'
import { newId } from '../../lib/ids.ts'
import { createLog } from '../../lib/log.ts'
import { type Finding, fault, messageOf, ok, warning } from './findings.ts'

const gib = 1024 ** 3
/** Less free disk than this is soon none. */
const scarceBytes = 2 * gib
const redisTimeoutMs = 3_000

/** Node's version, the data folder, and Redis where one is set. */
export async function examineMachine(config: Config): Promise<Finding[]> {
  return [nodeVersion(process.versions.node), await dataFolder(config.dataDir), ...(await redis(config.redisUrl)), address(config)]
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const known = major > 20 || (major === 20 && minor >= 19)
  return known ? ok(`Node ${version}.`) : fault(`Node ${version} is too old; install 20.19 or newer.`)
}

async function dataFolder(dataDir: string): Promise<Finding> {
  const probe = join(dataDir, `.probe-${newId()}`)
  try {
    await mkdir(dataDir, { recursive: true })
    await writeFile(probe, 'probe', { flush: true })
    await rm(probe)
    const { bavail, bsize } = await statfs(dataDir)
    const free = `${((Number(bavail) * Number(bsize)) / gib).toFixed(1)} GiB free`
    if (bavail * bsize < scarceBytes) return warning(`DATA_DIR has only ${free}; a full disk makes every webhook fail until there is room.`)
    return ok(`DATA_DIR takes files; ${free}.`)
  } catch (error) {
    return fault(`DATA_DIR (${dataDir}) cannot be written: ${messageOf(error)}`)
  }
}

async function redis(url: string | null): Promise<Finding[]> {
  if (url === null) return []
  const connection = openRedis(url, createLog({ level: 'silent', buffered: false }))
  try {
    await redisReady(connection, redisTimeoutMs)
    return [ok('Redis answers.')]
  } catch (error) {
    return [fault(messageOf(error))]
  } finally {
    connection.disconnect()
  }
}

function address({ publicUrl, production }: Config): Finding {
  if (publicUrl.startsWith('https:')) return ok(`Providers and customers reach the hub at ${publicUrl}.`)
  const says = `PUBLIC_URL is ${publicUrl}; providers send webhooks to https only, and browsers keep session cookies for it only.`
  return production ? warning(says) : ok(`PUBLIC_URL is ${publicUrl}, which does for trying the hub out.`)
}
