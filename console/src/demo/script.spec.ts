import { expect, it } from 'vitest'

import { nextStep, observe, STEPS, type Step } from './script'
import { NOTHING_YET, type DemoState, type Device, type Phone, type PhoneMessage } from './state'

const START = '2026-01-01T00:00:00Z'

const pressedAt = '2026-01-01T00:00:05Z'

const said = (text: Partial<PhoneMessage>, i: number): PhoneMessage => ({ id: String(i), kind: null, text: '', language: 'en', at: '2026-01-01T00:00:10Z', direction: 'out', state: null, ...text })

const phone = (kinds: string[], ...texts: Partial<PhoneMessage>[]): Phone => ({ number: kinds.join(), owner: '', owner_latin: '', relation: '', relation_en: '', resident: '', kinds, messages: texts.map(said) })

const state = (server: 'up' | 'down', device: Device['state'], ...texts: Partial<PhoneMessage>[]): DemoState => ({
  ...NOTHING_YET,
  seats: { connected: 1, armed: 1 },
  server,
  devices: [{ identifier: '1', source: 'dc09', kind: 'pendant', resident: '', resident_latin: '', home: '', home_en: '', state: device, attempt: 0, pressed_at: device === 'idle' ? null : pressedAt, received_ms: null, text: null, phone: '' }],
  phones: [{ number: '1', owner: '', owner_latin: '', relation: '', relation_en: '', resident: '', messages: texts.map(said) }],
})

it('ticks itself off as the two minutes are played', () => {
  const safe: Partial<PhoneMessage>[] = [{ direction: 'in' }, { kind: 'ambulance_called' }, { kind: 'safe_closed' }]
  const play: [DemoState, Step | Step[] | null][] = [
    [{ ...state('up', 'idle'), seats: { connected: 0, armed: 0 } }, null],
    [{ ...state('up', 'idle'), seats: { connected: 1, armed: 0 } }, 'login'],
    [state('up', 'idle'), ['duty', 'calm']],
    [state('up', 'sending'), 'press'],
    [state('up', 'taken'), 'take'],
    [state('up', 'taken', { direction: 'in' }), 'answer'],
    [state('up', 'taken', { direction: 'in' }, { kind: 'ambulance_called' }), 'ambulance'],
    [state('down', 'taken', { direction: 'in' }), 'kill'],
    [state('down', 'sending'), 'hold'],
    [state('up', 'sending'), null],
    [state('up', 'received'), 'start'],
    [state('up', 'received', ...safe), 'safe'],
  ]
  let done = new Set<Step>()
  let before: DemoState | null = null
  for (const [now, step] of play) {
    const after = observe(done, before, now, START)
    expect([...after].filter((each) => !done.has(each))).toEqual(step ? [step].flat() : [])
    done = after
    before = now
  }
  expect(nextStep(done)).toBe('print')
})

it('sees in the phones of those who are sent what became of a rescue and of a ride, and who rated it', () => {
  const seen = (...phones: Phone[]) => [...observe(new Set(), null, { ...NOTHING_YET, phones }, START)]
  const text = (kind: string, task: string) => ({ kind, task })
  expect(seen(phone(['social_worker'], text('task_offered', 'rescue')))).toEqual(['send'])
  expect(seen(phone(['social_worker'], text('task_offered', 'rescue'), { direction: 'in' }, text('task_noted_done', 'rescue')))).toEqual(['send', 'worker'])
  expect(seen(phone(['driver'], text('task_offered', 'ride'), { direction: 'in' }, text('task_yours', 'ride')))).toEqual(['ride'])
  expect(seen(phone(['driver'], text('task_noted_done', 'ride')))).toEqual(['driver'])
  expect(seen(phone(['driver'], { ...text('task_offered', 'ride'), at: '2025-12-31T23:59:59Z' }))).toEqual([])
  const asked = { kind: 'ride_how_was_it' }
  expect(seen(phone([], { direction: 'in' }, asked))).toEqual(['answer'])
  expect(seen(phone([], asked, { direction: 'in' }))).toEqual(['rate'])
})

it('sees a power cut of this show, and none from before', () => {
  const cut = (power_cut_at: string): DemoState => ({ ...state('up', 'idle'), power_cut_at })
  expect(observe(new Set(), null, cut('2026-01-01T08:00:00Z'), START).has('power')).toBe(true)
  expect(observe(new Set(), null, cut('2025-12-31T23:59:59Z'), START).has('power')).toBe(false)
})

it('does not take what was there before the show for part of it', () => {
  const old = { direction: 'in' as const, at: '2025-12-31T23:59:59Z' }
  expect([...observe(new Set(), null, state('up', 'idle', old), START)]).toEqual(['login', 'duty', 'calm'])
  expect([...observe(new Set(), null, state('up', 'taken'), '2026-01-01T09:00:00Z')]).toEqual(['login', 'duty', 'calm'])
})

it('does not take a page opened while the server is down for a killed server', () => {
  expect(observe(new Set(), null, state('down', 'idle'), START).has('kill')).toBe(false)
})

it('goes on from the furthest step, and ends', () => {
  expect(nextStep(new Set())).toBe('login')
  expect(nextStep(new Set<Step>(['press']))).toBe('take')
  expect(nextStep(new Set(STEPS))).toBeNull()
})
