let context: AudioContext | null = null

function note(audio: AudioContext, hertz: number, at: number): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(0.16, at + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.42)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(at)
  oscillator.stop(at + 0.45)
}

/**
 * Plays two soft notes once. A browser that has not been touched yet stays silent; the card and the
 * title tell the same.
 */
export async function playTone(): Promise<void> {
  context ??= new AudioContext()
  if (context.state === 'suspended') await context.resume().catch(() => {})
  if (context.state !== 'running') return
  note(context, 659.25, context.currentTime)
  note(context, 880, context.currentTime + 0.18)
}
