import { updateAgentRow } from '../../../db/queries/accounts.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { sanitizeText } from '../../lib/sanitize-text.ts'
import type { MyChanges } from '../../wire/access.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'

/** Changes one's own name, language or signature. */
export async function updateMe(ctx: ServiceContext, viewer: Viewer, { name, locale, signature }: MyChanges): Promise<void> {
  require(viewer, 'self')
  const at = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    await updateAgentRow(tx, viewer.agentId, {
      updatedAt: at,
      ...(name === undefined ? {} : { name }),
      ...(locale === undefined ? {} : { locale }),
      ...(signature === undefined ? {} : { signature: sanitizeText(signature.trim()) }),
    })
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: viewer.agentId })
  })
}
