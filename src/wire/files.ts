import { z } from 'zod'
import { idSchema } from './words.ts'

/** A file of ours; `mime` is what its bytes say. */
export const fileSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    mime: z.string(),
    bytes: z.number().int(),
    /** The bubble it is shown in. */
    kind: z.enum(['image', 'video', 'audio', 'file']),
  })
  .meta({ id: 'File' })
export type FileInfo = z.infer<typeof fileSchema>
