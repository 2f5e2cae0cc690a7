import { readConfig } from '../config.ts'
import { assembleContext } from '../hub.ts'
import type { ServiceContext } from '../services/context.ts'

/** Gives a command the use cases without a server: nothing listens, no job of another node is taken. */
export async function withContext<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (ctx: ServiceContext) => Promise<T>,
): Promise<T> {
  const { ctx, stop } = await assembleContext(readConfig(env))
  try {
    return await work(ctx)
  } finally {
    await stop()
  }
}
