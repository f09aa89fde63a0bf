/** The two minutes as a list that ticks itself off: each step is done when the page has seen it happen. Pure. */

import type { DemoState } from './state'

export const STEPS = ['login', 'duty', 'calm', 'press', 'take', 'answer', 'ambulance', 'forward', 'kill', 'hold', 'start', 'safe', 'print', 'service', 'calls', 'message', 'drill', 'power', 'places', 'devices', 'office', 'audit', 'outage', 'copy', 'proof', 'training'] as const
export type Step = (typeof STEPS)[number]

/** When each step comes, in seconds from the beginning. */
export const AT_SECONDS: Record<Step, number> = {
  login: 0, duty: 3, calm: 6, press: 10, take: 35, answer: 45, ambulance: 55, forward: 65, kill: 75, hold: 80, start: 90, safe: 100, print: 115, service: 120, calls: 130, message: 140, drill: 150, power: 165, places: 180, devices: 200, office: 220, audit: 235, outage: 250, copy: 280, proof: 300, training: 315,
}

/** What was seen to happen between two states. What happens at the console alone, as printing, whatever the office does, and mostly `ambulance`, is ticked by hand. */
export function observe(done: ReadonlySet<Step>, before: DemoState | null, now: DemoState, since: string): Set<Step> {
  const seen = new Set(done)
  const texts = now.phones.flatMap((phone) => phone.messages).filter((message) => message.at >= since)
  const pressed = now.devices.filter((device) => device.state !== 'idle' && (device.pressed_at ?? '') >= since)
  const sending = now.devices.some((device) => device.state === 'sending')
  if (now.seats.connected) seen.add('login')
  if (now.seats.armed) seen.add('duty')
  if (now.server === 'up' && now.seats.armed && !sending) seen.add('calm')
  if (pressed.length) seen.add('press')
  if (pressed.some((device) => device.state === 'taken')) seen.add('take')
  if (texts.some((message) => message.direction === 'in')) seen.add('answer')
  if (before?.server === 'up' && now.server === 'down') seen.add('kill')
  if (now.server === 'down' && seen.has('kill') && sending) seen.add('hold')
  if (now.server === 'up' && seen.has('kill') && seen.has('hold') && !sending) seen.add('start')
  if ((now.power_cut_at ?? '') >= since) seen.add('power')
  if (texts.some((message) => message.kind === 'ambulance_called')) seen.add('ambulance')
  if (texts.some((message) => message.kind === 'safe_closed')) seen.add('safe')
  return seen
}

/** The step after the furthest one done: what was passed over is not asked for again. */
export function nextStep(done: ReadonlySet<Step>): Step | null {
  const furthest = STEPS.reduce((last, step, i) => (done.has(step) ? i : last), -1)
  return STEPS[furthest + 1] ?? null
}
