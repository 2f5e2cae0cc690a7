import { readFile } from 'node:fs/promises'
import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '../lib/errors.ts'
import { systemViewer } from '../services/access/system-viewer.ts'
import type { ServiceContext } from '../services/context.ts'
import { createInbox } from '../services/inboxes/write-inbox.ts'
import { createQueue } from '../services/queues/write-queue.ts'
import { inboxInputSchema } from '../wire/inboxes.ts'
import { queueSettingsSchema } from '../wire/queues.ts'
import type { RunCommand } from './command.ts'
import { needed, readOptions } from './options.ts'
import { withContext } from './with-context.ts'

const recordSchema = z.record(z.string(), z.unknown())

/**
 * Connects an account of any channel: `--channel C --name N [--queue Q] [--config FILE|-] [--set key=value …]`. Settings come
 * from a JSON file or from standard input, so that secrets need not stand on the command line.
 */
export const run: RunCommand = async ({ args, env, print }) => {
  const settings = args.flatMap((word, at) => (word === '--set' ? [args[at + 1] ?? ''] : []))
  const others = args.filter((word, at) => word !== '--set' && args[at - 1] !== '--set')
  const { values } = readOptions(others, { values: ['channel', 'name', 'queue', 'config', 'locale'] })
  return withContext(env, async (ctx) => {
    const config = { ...(await fromFile(values.config)), ...Object.fromEntries(settings.map(settingOf)) }
    const input = inboxInputSchema.safeParse({
      channel: needed(values.channel, 'channel'),
      name: needed(values.name, 'name'),
      queueId: await queueIdOf(ctx, values.queue),
      ...(values.locale === undefined ? {} : { locale: values.locale }),
      config,
    })
    if (!input.success) throw new AppError('invalid_input', sentenceOf(input.error, ctx))
    const { id, channel, name, webhookUrl } = await createInbox(ctx, systemViewer, input.data)
    print(`Added ${channel} inbox "${name}": ${id}`)
    if (webhookUrl !== null) print(`Webhook address: ${webhookUrl}`)
    print(`Check it with: onequeue inbox test ${id}`)
    return 0
  })
}

/** `key=value`; numbers, `true`, `false` and JSON lists are taken for what they are. */
function settingOf(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new AppError('invalid_input', `--set takes key=value, not "${text.slice(0, 40)}".`)
  const [key, value] = [text.slice(0, at), text.slice(at + 1)]
  return [key, /^(true|false|-?\d{1,15}|\[.*\])$/s.test(value) ? parsed(key, value) : value]
}

function parsed(key: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch (cause) {
    throw new AppError('invalid_input', `The value of ${key} is no JSON list.`, {}, { cause })
  }
}

async function fromFile(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {}
  const text = file === '-' ? await standardInput() : await readFile(file, 'utf8')
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('invalid_input', `${file === '-' ? 'Standard input' : file} holds no JSON object of settings.`, {}, { cause })
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

/** The queue of that name; without a name the oldest one, and a first one where there is none. */
async function queueIdOf(ctx: ServiceContext, name: string | undefined): Promise<string> {
  const { queues } = ctx.store.t
  const all = await ctx.store.db.select({ id: queues.id, name: queues.name }).from(queues).orderBy(asc(queues.id))
  const found = name === undefined ? all[0] : all.find((queue) => queue.name === name || queue.id === name)
  if (found !== undefined) return found.id
  if (name !== undefined && all.length > 0) {
    throw new AppError('invalid_input', `There is no queue "${name}". There are: ${all.map((queue) => queue.name).join(', ')}.`)
  }
  const settings = queueSettingsSchema.parse({})
  const { id } = await createQueue(ctx, systemViewer, { name: name ?? 'Main', enabled: true, settings, memberIds: [] })
  return id
}

function sentenceOf(error: z.ZodError, ctx: ServiceContext): string {
  const channels = ctx.inboxes.channels.map(({ id }) => id).join(', ')
  const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return `These settings cannot be used: ${issues}. The hub carries: ${channels}.`
}
