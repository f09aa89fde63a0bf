/** Which devices this browser uses and how loud: of the seat, not of whoever sits there. */
import { reactive, watch } from 'vue'

const STORED = 'callcenter.telephone'

export interface Preferences {
  microphone: string
  /** What is spoken with. */
  headset: string
  /** What rings, alarms above all: a headset that lies on the table is not heard. */
  loudspeaker: string
  /** From 0 to 1. Of calls that ring, never of alarms. */
  ringing: number
  talking: number
  /** Echo and noise are taken out: for whoever talks without a headset. */
  cleaned: boolean
  /** These devices were tried and found good. */
  tested: boolean
}

const PLAIN: Preferences = { microphone: '', headset: '', loudspeaker: '', ringing: 0.8, talking: 1, cleaned: true, tested: false }

export function readPreferences(stored: string | null): Preferences {
  if (!stored) return { ...PLAIN }
  try {
    const said = JSON.parse(stored) as Partial<Preferences>
    const fits = Object.entries(said).filter(([name, value]) => typeof value === typeof (PLAIN as unknown as Record<string, unknown>)[name])
    const found: Preferences = { ...PLAIN, ...Object.fromEntries(fits) }
    return { ...found, ringing: within(found.ringing), talking: within(found.talking) }
  } catch {
    return { ...PLAIN } // somebody else's words
  }
}

const within = (value: number) => Math.min(1, Math.max(0, value))

export const preferences = reactive(readPreferences(localStorage.getItem(STORED)))
watch(preferences, (now) => localStorage.setItem(STORED, JSON.stringify(now)))
