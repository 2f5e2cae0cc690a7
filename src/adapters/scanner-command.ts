import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../lib/errors.ts'
import type { FileScanner, Verdict } from '../ports/file-scanner.ts'

/** As much of the command's words as is kept, characters. */
const maxWords = 300

/**
 * Scans with a program that reads the file from its standard input: `clamdscan --no-summary -`. It ends with 0 for clean and
 * 1 for harmful (clamscan(1), "RETURN CODES"); anything else, or no end in time, is no judgement.
 * @param command program and arguments, separated by blanks; no shell reads them.
 */
export function createCommandScanner(command: string, timeoutMs = 120_000): FileScanner {
  const [program = '', ...args] = command.trim().split(/\s+/)
  return {
    scan: async (stream) => {
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: timeoutMs })
      let words = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (words.length < maxWords) words += text
      })
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      })
      // A program that has seen enough closes its input; its judgement counts, not that.
      const fed = pipeline(stream, child.stdin).catch(() => undefined)
      try {
        const status = await ended
        await fed
        return verdictOf(status, words)
      } catch (cause) {
        stream.destroy()
        throw cause instanceof AppError ? cause : unavailable(cause)
      }
    },
  }
}

function verdictOf(status: number | null, words: string): Verdict {
  if (status === 0) return { clean: true }
  if (status === 1) return { clean: false, reason: words.trim().slice(0, maxWords) || 'The scanner names no reason.' }
  throw unavailable(new Error(`the scanner ended with ${status ?? 'a signal'}`))
}

function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'Files cannot be checked at the moment.', { code: 'scanner' }, { cause })
}
