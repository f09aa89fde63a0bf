/** The two minutes as a list that ticks itself off: each step is done when the page has seen it happen. Pure. */

import type { DemoState, Phone, PhoneMessage } from './state'

export const STEPS = ['login', 'duty', 'calm', 'press', 'take', 'answer', 'ambulance', 'send', 'worker', 'forward', 'kill', 'hold', 'start', 'safe', 'print', 'service', 'calls', 'hotline', 'ride', 'driver', 'rate', 'door', 'message', 'drill', 'power', 'places', 'devices', 'office', 'audit', 'outage', 'copy', 'proof', 'training'] as const
export type Step = (typeof STEPS)[number]

/** When each step comes, in seconds from the beginning. */
export const AT_SECONDS: Record<Step, number> = {
  login: 0, duty: 3, calm: 6, press: 10, take: 35, answer: 45, ambulance: 55, send: 65, worker: 75, forward: 100, kill: 110, hold: 115, start: 125, safe: 135, print: 150, service: 155, calls: 165, hotline: 168, ride: 175, driver: 200, rate: 225, door: 235, message: 260, drill: 270, power: 285, places: 300, devices: 320, office: 340, audit: 355, outage: 370, copy: 400, proof: 420, training: 435,
}

/** What was seen to happen between two states. What happens at the console alone, as printing, whatever the office does, and mostly `ambulance`, is ticked by hand. */
export function observe(done: ReadonlySet<Step>, before: DemoState | null, now: DemoState, since: string): Set<Step> {
  const seen = new Set(done)
  const toStaff = textsOf(now.phones.filter((phone) => phone.kinds?.length), since)
  const texts = textsOf(now.phones.filter((phone) => !phone.kinds?.length), since)
  const pressed = now.devices.filter((device) => device.state !== 'idle' && (device.pressed_at ?? '') >= since)
  const sending = now.devices.some((device) => device.state === 'sending')
  if (now.seats.connected) seen.add('login')
  if (now.seats.armed) seen.add('duty')
  if (now.server === 'up' && now.seats.armed && !sending) seen.add('calm')
  if (pressed.length) seen.add('press')
  if (pressed.some((device) => device.state === 'taken')) seen.add('take')
  if (now.phones.some((phone) => !phone.kinds?.length && hasAnswered(textsOf([phone], since)))) seen.add('answer')
  if (before?.server === 'up' && now.server === 'down') seen.add('kill')
  if (now.server === 'down' && seen.has('kill') && sending) seen.add('hold')
  if (now.server === 'up' && seen.has('kill') && seen.has('hold') && !sending) seen.add('start')
  if ((now.power_cut_at ?? '') >= since) seen.add('power')
  if (texts.some((message) => message.kind === 'ambulance_called')) seen.add('ambulance')
  if (texts.some((message) => message.kind === 'safe_closed')) seen.add('safe')
  for (const [step, kind, task] of FIELD) if (toStaff.some((message) => message.kind === kind && message.task === task)) seen.add(step)
  if (now.phones.some((phone) => hasRated(textsOf([phone], since)))) seen.add('rate')
  return seen
}

/** By which text to somebody who is sent a step is known to be done. */
const FIELD: readonly [Step, string, string][] = [['send', 'task_offered', 'rescue'], ['worker', 'task_noted_done', 'rescue'], ['ride', 'task_offered', 'ride'], ['driver', 'task_noted_done', 'ride']]

const textsOf = (phones: readonly Phone[], since: string) => phones.flatMap((phone) => phone.messages).filter((message) => message.at >= since)

/** Before anybody asked how a ride was. */
function hasAnswered(messages: readonly PhoneMessage[]): boolean {
  const asked = messages.findIndex((message) => message.kind === 'ride_how_was_it')
  return messages.slice(0, asked < 0 ? undefined : asked).some((message) => message.direction === 'in')
}

function hasRated(messages: readonly PhoneMessage[]): boolean {
  const asked = messages.findIndex((message) => message.kind === 'ride_how_was_it')
  return asked >= 0 && messages.slice(asked).some((message) => message.direction === 'in')
}

/** The step after the furthest one done: what was passed over is not asked for again. */
export function nextStep(done: ReadonlySet<Step>): Step | null {
  const furthest = STEPS.reduce((last, step, i) => (done.has(step) ? i : last), -1)
  return STEPS[furthest + 1] ?? null
}
