import { z } from 'zod'
import { idSchema } from './words.ts'

/** The usual parameter of an address. */
export const idParam = z.object({ id: idSchema })

/** A list that is always whole. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

/** A page of a list; `nextCursor` is null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** How a page is asked for. */
export const pageQuery = z.object({
  cursor: z.string().max(1_500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type PageQuery = z.infer<typeof pageQuery>

/** A page as services return it. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
