import type { Clock } from '../ports/clock.ts'
import type { Limiter, Limiters, LimitRule, LimitVerdict } from '../ports/limiter.ts'

/** Keys remembered for one rule; beyond it the oldest window is forgotten, so a flood of keys takes bounded memory. */
const maxKeys = 100_000

interface Window {
  used: number
  readonly endsMs: number
}

/** Limiters that count in this process. */
export function createMemoryLimiters(clock: Clock): Limiters {
  const rules = new Map<string, Map<string, Window>>()
  return {
    limiter: (rule) => {
      let windows = rules.get(rule.name)
      if (!windows) rules.set(rule.name, (windows = new Map()))
      return memoryLimiter(clock, rule, windows)
    },
  }
}

function memoryLimiter(clock: Clock, rule: LimitRule, windows: Map<string, Window>): Limiter {
  const consume = async (key: string, points = 1): Promise<LimitVerdict> => {
    const nowMs = clock.monotonicMs()
    let window = windows.get(key)
    if (!window || window.endsMs <= nowMs) {
      windows.delete(key)
      dropEnded(windows, nowMs)
      window = { used: 0, endsMs: nowMs + rule.windowSeconds * 1_000 }
      windows.set(key, window)
    }
    window.used += points
    const remaining = Math.max(0, rule.points - window.used)
    return { allowed: window.used <= rule.points, remaining, retryAfterMs: Math.ceil(window.endsMs - nowMs) }
  }
  return { consume, reset: async (key) => void windows.delete(key) }
}

/** Windows of one rule are equally long, so the map's order is the order of their ends. */
function dropEnded(windows: Map<string, Window>, nowMs: number): void {
  for (const [key, window] of windows) {
    if (window.endsMs > nowMs && windows.size < maxKeys) return
    windows.delete(key)
  }
}
