import { expect, it } from 'vitest'

import { render, SCORES, type Sound } from './tones'

const RATE = 8_000

it.each(Object.keys(SCORES) as Sound[])('renders %s at its loudness, beginning and ending without a click', (sound) => {
  const samples = render(sound, RATE)
  expect(samples).toHaveLength(Math.round(SCORES[sound].length * RATE))
  expect(Math.max(...samples.map(Math.abs))).toBeCloseTo(SCORES[sound].loudness)
  expect(Math.abs(samples[0]!)).toBeLessThan(0.01)
  expect(Math.abs(samples.at(-1)!)).toBeLessThan(0.05)
})

it('makes every tone distinct from the alarm', () => {
  const melody = (sound: Sound) => SCORES[sound].pulses.map((pulse) => pulse.hertz).join(' ')
  const melodies = (Object.keys(SCORES) as Sound[]).map(melody)
  expect(new Set(melodies).size).toBe(melodies.length)
})
