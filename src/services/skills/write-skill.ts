import { allSkills, insertSkill, renameSkill } from '../../../db/queries/skills.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Skill } from '../../wire/access.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { refuseTaken } from '../unique-name.ts'

const nameTaken = 'A skill of this name exists.'

/** All skills by name. */
export async function listSkills(ctx: ServiceContext, viewer: Viewer): Promise<Skill[]> {
  require(viewer, 'agent.read')
  return (await allSkills(ctx.store)).map(({ id, name }) => ({ id, name }))
}

/** Makes a skill. @throws AppError 'conflict' when the name is taken. */
export async function createSkill(ctx: ServiceContext, viewer: Viewer, name: string): Promise<Skill> {
  require(viewer, 'skill.manage')
  return ctx.store.tx(async (tx) => {
    const createdAt = ctx.clock.now()
    const skill = { id: newId(), name }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertSkill(inner, { ...skill, createdAt }))
    noteChange(tx, viewer, { type: 'skill.changed', at: createdAt, subjectId: skill.id })
    await publishConfiguration(tx, viewer, { at: createdAt, note: `skill ${name}` })
    return skill
  })
}

/** Renames a skill. @throws AppError 'not_found'; 'conflict' when the name is taken. */
export async function updateSkill(ctx: ServiceContext, viewer: Viewer, id: string, name: string): Promise<Skill> {
  require(viewer, 'skill.manage')
  return ctx.store.tx(async (tx) => {
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => renameSkill(inner, id, name))
    if (!found) throw new AppError('not_found', 'There is no such skill.')
    noteChange(tx, viewer, { type: 'skill.changed', at: ctx.clock.now(), subjectId: id })
    return { id, name }
  })
}
