import type { TextStorage } from '../model/outbox.ts'

/** A short sound for a message that came while nobody looked. */
export interface Sound {
  readonly on: boolean
  set(on: boolean): void
  /** Plays once over all windows of the browser; silently does nothing where the browser forbids it. */
  play(): void
}

const key = 'onequeue:sound'
/** How long one window's sound keeps the others silent, milliseconds. */
const holdMs = 900

/** Makes the sound; it is on until the person turns it off. */
export function createSound(storage: TextStorage): Sound {
  let context: AudioContext | null = null
  const ring = () => {
    try {
      context ??= new AudioContext()
      if (context.state === 'suspended') return void context.resume().catch(() => undefined)
      chime(context)
    } catch {
      // No audio here: the badge and the title tell as much.
    }
  }
  return {
    get on() {
      return storage.getItem(key) !== 'off'
    },
    set: (on) => (on ? storage.removeItem(key) : storage.setItem(key, 'off')),
    play: () => {
      if (storage.getItem(key) === 'off') return
      if (!('locks' in navigator)) return ring()
      // Whoever has the lock plays; the other windows of the same chat find it taken.
      void navigator.locks
        .request('onequeue-sound', { ifAvailable: true }, (lock) => {
          if (lock === null) return undefined
          ring()
          return new Promise((resolve) => setTimeout(resolve, holdMs))
        })
        .catch(() => undefined)
    },
  }
}

/** Two soft notes, a third apart. */
function chime(context: AudioContext): void {
  for (const [at, hertz] of [
    [0, 659.25],
    [0.11, 830.61],
  ] as const) {
    const [tone, loudness] = [context.createOscillator(), context.createGain()]
    const from = context.currentTime + at
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0.0001, from)
    loudness.gain.exponentialRampToValueAtTime(0.12, from + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, from + 0.28)
    tone.connect(loudness).connect(context.destination)
    tone.start(from)
    tone.stop(from + 0.3)
  }
}
