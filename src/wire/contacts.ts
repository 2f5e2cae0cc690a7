import { z } from 'zod'
import { idSchema, instantSchema } from './words.ts'

export const contactPointKindSchema = z.enum(['phone', 'email', 'line', 'line_group', 'line_room', 'visitor', 'external'])
export type ContactPointKind = z.infer<typeof contactPointKindSchema>

export const contactPointSchema = z
  .object({
    id: idSchema,
    kind: contactPointKindSchema,
    address: z.string(),
    displayName: z.string().nullable(),
    verified: z.boolean(),
    blocked: z.boolean(),
  })
  .meta({ id: 'ContactPoint' })
export type ContactPoint = z.infer<typeof contactPointSchema>

/** The customer record's head: who it is and how to reach them. */
export const contactSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    company: z.object({ id: idSchema, name: z.string() }).nullable(),
    locale: z.string().nullable(),
    fields: z.record(z.string(), z.string()),
    avatarUrl: z.string().nullable(),
    points: z.array(contactPointSchema),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Contact' })
export type Contact = z.infer<typeof contactSchema>

/** What lists and offers show of a contact. */
export const contactBriefSchema = z
  .object({ id: idSchema, name: z.string(), avatarUrl: z.string().nullable() })
  .meta({ id: 'ContactBrief' })
export type ContactBrief = z.infer<typeof contactBriefSchema>

export const contactNoteSchema = z
  .object({
    id: idSchema,
    contactId: idSchema,
    author: z.object({ id: idSchema, name: z.string() }),
    text: z.string(),
    createdAt: instantSchema,
  })
  .meta({ id: 'ContactNote' })
export type ContactNote = z.infer<typeof contactNoteSchema>

export const contactChangesSchema = z.object({
  name: z.string().trim().min(1).max(200).optional(),
  locale: z.string().max(35).nullable().optional(),
  company: z.string().trim().max(200).nullable().optional(),
  fields: z.record(z.string().min(1).max(60), z.string().max(2000)).optional(),
})
export type ContactChanges = z.infer<typeof contactChangesSchema>
