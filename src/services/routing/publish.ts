import { configurationVersions, insertConfigurationVersion } from '../../../db/queries/configuration.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { checkConfiguration } from '../../core/configuration/check.ts'
import { AppError } from '../../lib/errors.ts'
import type { ConfigurationFinding, ConfigurationVersion, RoutingConfiguration } from '../../wire/configuration.ts'
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
 * Holds the configuration as this transaction leaves it against everything that can be wrong with one, and keeps it as a
 * version. Called by each use case that changes it, as its last act.
 * @throws AppError 'conflict' with code `configuration_refused` and the findings, when something about it can never work; the
 *   change is then not made.
 */
export async function publishConfiguration(tx: Tx, viewer: Viewer, { at, note }: Publication): Promise<void> {
  const configuration = await loadConfiguration(tx)
  const refused = checkConfiguration(configuration, at).filter(({ severity }) => severity === 'refused')
  const [first] = refused
  if (first !== undefined) {
    throw new AppError('conflict', first.sentence, {
      code: 'configuration_refused',
      findings: refused.slice(0, 20),
      fields: refused.slice(0, 20).map(({ path, sentence }) => ({ path: `settings.${path}`, message: sentence })),
    })
  }
  const authorId = viewer === systemViewer ? null : viewer.agentId
  await insertConfigurationVersion(tx, { configuration, authorId, note, createdAt: at })
}

/** What is wrong with the configuration in force: things that cannot work as they stand. @throws AppError 'forbidden'. */
export async function configurationFindings(ctx: ServiceContext, viewer: Viewer): Promise<ConfigurationFinding[]> {
  require(viewer, 'routing.manage')
  return [...checkConfiguration(await loadConfiguration(ctx.store), ctx.clock.now())]
}

/** What would be wrong with another configuration. @throws AppError 'forbidden'. */
export async function checkProposal(
  ctx: ServiceContext,
  viewer: Viewer,
  configuration: RoutingConfiguration,
): Promise<ConfigurationFinding[]> {
  require(viewer, 'routing.manage')
  return [...checkConfiguration(configuration, ctx.clock.now())]
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
