/** Tones as samples, so that a loop needs no timer (timers sleep in hidden pages) and no file. Pure.
 *
 * The alarm is the high-priority burst of IEC 60601-1-8 (ten pulses, "c e g - g C"): made to be heard, located and told
 * from telephones, and easier on the ear over a shift than a siren.
 */
export type Sound = 'alarm' | 'rejoined' | 'offer' | 'link' | 'quiet' | 'request' | 'call'

interface Pulse {
  hertz: number
  at: number
  seconds: number
}

interface Score {
  length: number
  loudness: number
  pulses: Pulse[]
}

const HIGH_PRIORITY: [number, number][] = [
  [523.25, 0],
  [659.25, 0.22],
  [783.99, 0.44],
  [783.99, 0.85],
  [1046.5, 1.07],
]

const pulses = (notes: readonly (readonly [number, number])[], seconds: number): Pulse[] =>
  notes.map(([hertz, at]) => ({ hertz, at, seconds }))

export const SCORES: Record<Sound, Score> = {
  alarm: { length: 2.2, loudness: 0.9, pulses: pulses(HIGH_PRIORITY, 0.17) },
  rejoined: {
    length: 1.6,
    loudness: 0.9,
    pulses: pulses([[1046.5, 0], [1046.5, 0.16], [1046.5, 0.32], [1318.5, 0.52]], 0.12),
  },
  offer: { length: 4, loudness: 0.4, pulses: pulses([[659.25, 0], [880, 0.3]], 0.24) },
  link: { length: 1.2, loudness: 0.9, pulses: pulses([[740, 0], [494, 0.6]], 0.55) },
  request: { length: 10, loudness: 0.3, pulses: pulses([[587.33, 0], [440, 0.3], [587.33, 0.7], [440, 1]], 0.26) },
  call: { length: 3, loudness: 0.6, pulses: pulses([[698.46, 0], [587.33, 0.15], [698.46, 0.3], [587.33, 0.45], [698.46, 0.6]], 0.13) },
  quiet: { length: 0.6, loudness: 0.25, pulses: pulses([[587.33, 0], [440, 0.18]], 0.16) },
}

/** Weights of the first five partials: a sine alone is hard to hear for ageing ears and hard to locate. */
const PARTIALS = [1, 0.5, 0.35, 0.2, 0.12]
const FADE_S = 0.012

export function render(sound: Sound, sampleRate: number): Float32Array<ArrayBuffer> {
  const score = SCORES[sound]
  const samples = new Float32Array(Math.round(score.length * sampleRate))
  for (const pulse of score.pulses) addPulse(samples, pulse, sampleRate)
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return samples.map((value) => (value / peak) * score.loudness)
}

function addPulse(samples: Float32Array, pulse: Pulse, sampleRate: number): void {
  const first = Math.round(pulse.at * sampleRate)
  const count = Math.round(pulse.seconds * sampleRate)
  for (let index = 0; index < count && first + index < samples.length; index++) {
    const at = index / sampleRate
    const fade = Math.min(1, at / FADE_S, (pulse.seconds - at) / FADE_S)
    samples[first + index]! += fade * partials(2 * Math.PI * pulse.hertz * at)
  }
}

function partials(phase: number): number {
  return PARTIALS.reduce((sum, weight, index) => sum + weight * Math.sin((index + 1) * phase), 0)
}
