import type { RingStep, SkillNeed } from '../../wire/queues.ts'
import type { WorkItem } from './snapshot.ts'

/** What an item still asks for in a ring. */
export interface StillRequired {
  readonly needs: readonly { readonly skillId: string; readonly minLevel: number }[]
  readonly language: string | null
}

/** The steps in the order of their time. */
export function orderedSteps(steps: readonly RingStep[]): readonly RingStep[] {
  return [...steps].sort((a, b) => a.afterMs - b.afterMs)
}

/** How many steps have been reached by waiting `waitedMs`. */
export function ringReached(steps: readonly RingStep[], waitedMs: number): number {
  let ring = 0
  while (ring < steps.length && (steps[ring]?.afterMs ?? Number.POSITIVE_INFINITY) <= waitedMs) ring++
  return ring
}

/** What the steps up to a ring do together. */
export interface Relaxation {
  readonly dropSkills: ReadonlySet<string>
  readonly dropThrough: number
  readonly dropLanguage: boolean
  readonly lowerLevelBy: number
}

/** What each ring relaxes: nothing in ring 0, the first `n` steps together in ring `n`. */
export function relaxationsOf(steps: readonly RingStep[]): readonly Relaxation[] {
  return Array.from({ length: steps.length + 1 }, (_, ring) => {
    const taken = steps.slice(0, ring)
    return {
      dropSkills: new Set(taken.flatMap((step) => step.dropSkills)),
      dropThrough: Math.max(0, ...taken.map((step) => step.dropThrough)),
      dropLanguage: taken.some((step) => step.dropLanguage),
      lowerLevelBy: taken.reduce((sum, step) => sum + step.lowerLevelBy, 0),
    }
  })
}

/**
 * What an item asks for in a ring. Levels never fall below 1: only dropping lets in somebody
 * without the skill.
 */
export function stillRequired(item: Pick<WorkItem, 'required' | 'language'>, relaxation: Relaxation | undefined): StillRequired {
  if (relaxation === undefined) return { needs: item.required, language: item.language }
  const { dropSkills, dropThrough, dropLanguage, lowerLevelBy } = relaxation
  const keeps = ({ skillId, dropOrder }: SkillNeed): boolean =>
    !dropSkills.has(skillId) && (dropOrder === undefined || dropOrder === null || dropOrder > dropThrough)
  return {
    needs: item.required.filter(keeps).map(({ skillId, minLevel }) => ({ skillId, minLevel: Math.max(1, minLevel - lowerLevelBy) })),
    language: dropLanguage ? null : item.language,
  }
}
