import { configurationVersions, insertConfigurationVersion } from '../../../db/queries/configuration.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { ConfigurationVersion, RoutingConfiguration } from '../../wire/configuration.ts'
import { require } from '../access/require.ts'
import { systemViewer } from '../access/system-viewer.ts'
import type { ServiceContext } from '../context.ts'
import { loadConfiguration } from './configuration.ts'

/** What was changed, for the history of configurations. */
export interface Publication {
  /** Epoch ms. */
  readonly at: number
  /** What and which, as `queue Orders`. */
  readonly note: string
}

/**
 * Keeps the configuration as this transaction leaves it as a version. Called by each use case that changes it, as its last act.
 */
export async function publishConfiguration(tx: Tx, viewer: Viewer, { at, note }: Publication): Promise<void> {
  const configuration = await loadConfiguration(tx)
  const authorId = viewer === systemViewer ? null : viewer.agentId
  await insertConfigurationVersion(tx, { configuration, authorId, note, createdAt: at })
}

/** The configuration in force, to be changed and replayed. @throws AppError 'forbidden'. */
export async function currentConfiguration(ctx: ServiceContext, viewer: Viewer): Promise<RoutingConfiguration> {
  require(viewer, 'routing.manage')
  return loadConfiguration(ctx.store)
}

/** Configurations as they were published, the newest first. */
export async function listConfigurationVersions(
  ctx: ServiceContext,
  viewer: Viewer,
  before: number | null,
  limit: number,
): Promise<ConfigurationVersion[]> {
  require(viewer, 'routing.manage')
  return configurationVersions(ctx.store, before, limit)
}
