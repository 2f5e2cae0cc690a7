import { putSetting, settingOf } from '../../../db/queries/configuration.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { type RoutingSettings, routingSettingsSchema } from '../../wire/configuration.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'

const key = 'routing'

/** The rules of routing that hold for the whole centre, with defaults for what nobody has set. */
export async function routingSettings(on: Store | Tx): Promise<RoutingSettings> {
  return routingSettingsSchema.parse((await settingOf(on, key)) ?? {})
}

/** The same for a viewer; consoles offer the reasons for states from it. @throws AppError 'forbidden'. */
export async function getRoutingSettings(ctx: ServiceContext, viewer: Viewer): Promise<RoutingSettings> {
  require(viewer, 'self')
  return routingSettings(ctx.store)
}

/** Replaces them; they count from the next decision on. @throws AppError 'forbidden'. */
export async function setRoutingSettings(ctx: ServiceContext, viewer: Viewer, settings: RoutingSettings): Promise<RoutingSettings> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    await putSetting(tx, key, settings)
    noteChange(tx, viewer, { type: 'routing.settings_changed', at: ctx.clock.now(), subjectId: key })
    return settings
  })
}
