import { z } from 'zod'
import { conditionSchema, entryFactsSchema } from './conditions.ts'
import { skillNeedSchema } from './queues.ts'
import { idSchema, instantSchema } from './words.ts'

/** What a rule does to a conversation that comes in; what is left out stays. */
export const ruleEffectSchema = z
  .object({
    queueId: idSchema.optional(),
    priority: z
      .discriminatedUnion('how', [
        z.object({ how: z.literal('set'), value: z.number().int().min(0).max(9) }),
        /** Within 0–9. */
        z.object({ how: z.literal('add'), by: z.number().int().min(-9).max(9) }),
      ])
      .optional(),
    /** Asked for beside what the queue asks; of two levels the higher counts. */
    requireSkills: z.array(skillNeedSchema).max(20).optional(),
    /** BCP 47; null = any. */
    language: z.string().min(2).max(35).nullable().optional(),
    addTags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
    /** Asked first while they are available. */
    preferredAgentId: idSchema.optional(),
  })
  .refine((effect) => Object.values(effect).some((v) => v !== undefined), { message: 'A rule needs at least one effect.' })
export type RuleEffect = z.infer<typeof ruleEffectSchema>

/** A rule of classification; rules run in their order, on what those before have made of it. */
export const routingRuleSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    enabled: z.boolean(),
    /** Ascending. */
    position: z.number().int(),
    when: conditionSchema,
    effect: ruleEffectSchema,
    /** No rule after it is looked at when it holds. */
    stop: z.boolean(),
    updatedAt: instantSchema,
  })
  .meta({ id: 'RoutingRule' })
export type RoutingRule = z.infer<typeof routingRuleSchema>

export const routingRuleInputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  when: conditionSchema,
  effect: ruleEffectSchema,
  stop: z.boolean().default(false),
})
export type RoutingRuleInput = z.infer<typeof routingRuleInputSchema>

export const ruleOrderSchema = z.object({ ids: z.array(idSchema).max(500) })

/** What the tester is asked: what comes in, and when. */
export const ruleTestInputSchema = z.object({ facts: entryFactsSchema, at: instantSchema.optional() })
export type RuleTestInput = z.infer<typeof ruleTestInputSchema>

/** The tester's question, with rules to try in place of those in force. */
export const ruleTrialSchema = ruleTestInputSchema.extend({
  rules: z
    .array(routingRuleSchema.omit({ updatedAt: true }))
    .max(500)
    .optional(),
})
export type RuleTrial = z.infer<typeof ruleTrialSchema>

/** What became of one test of a condition, with the value it looked at. */
export const testTraceSchema = z.object({ fact: z.string(), holds: z.boolean(), saw: z.string(), wanted: z.string(), not: z.boolean() })
export type TestTrace = z.infer<typeof testTraceSchema>

/** Where a conversation goes, and because of what. */
export const classificationSchema = z
  .object({
    queueId: idSchema,
    priority: z.number().int().min(0).max(9),
    required: z.array(skillNeedSchema),
    language: z.string().nullable(),
    tags: z.array(z.string()),
    preferredAgentId: idSchema.nullable(),
    /** Every rule that was looked at, in order. */
    because: z.array(
      z.object({
        ruleId: idSchema,
        name: z.string(),
        holds: z.boolean(),
        tests: z.array(testTraceSchema),
        /** What it changed, by field: from and to. */
        changed: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
      }),
    ),
    /** The rule after which no other was looked at. */
    stoppedBy: idSchema.nullable(),
  })
  .meta({ id: 'Classification' })
export type Classification = z.infer<typeof classificationSchema>
