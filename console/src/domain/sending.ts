/** What has become of those who were sent to an incident, by its timeline alone: it shows without the office and without the database. Pure. */
import type { TimelineView } from '@/api/wire'

export type SentState = 'open' | 'offered' | 'unplaced' | 'accepted' | 'under_way' | 'arrived' | 'done' | 'cancelled'

export interface Sent {
  /** Of the task; of a drill, of which there is none, the number of its entry. */
  id: string
  what: string
  practice: boolean
  askedAt: string
  until: string
  state: SentState
  /** Of what the state says. */
  at: string
  /** Who is asked at this moment, by staff id. */
  asked: ReadonlyMap<number, { name: string; minutes: number | null }>
  staffId: number | null
  staff: string
  /** Asked for by name. */
  wanted: string
  eta: string
  reason: string
  /** Whoever is there asks for help, or should have left. */
  trouble: 'help' | 'overdue_out' | ''
}

const STATES: Readonly<Record<string, SentState>> = {
  offered: 'offered', unplaced: 'unplaced', accepted: 'accepted', given: 'accepted', set_out: 'under_way', eta_changed: 'under_way',
  arrived: 'arrived', done: 'done', given_back: 'open', cancelled: 'cancelled',
}
const NO_ANSWER: ReadonlySet<string> = new Set(['declined', 'expired', 'withdrawn'])
const HOLDS: ReadonlySet<string> = new Set<SentState>(['accepted', 'under_way', 'arrived', 'done'])
const GOING: ReadonlySet<string> = new Set<SentState>(['accepted', 'under_way', 'arrived'])
const ENDED: ReadonlySet<string> = new Set<SentState>(['done', 'cancelled'])

type FieldEntry = Extract<TimelineView, { kind: 'field' }>
type SentEntry = Extract<TimelineView, { kind: 'sent' }>

/** In the order in which they were asked for. */
export function sentIn(entries: readonly TimelineView[]): Sent[] {
  const found = new Map<string, Sent>()
  for (const entry of entries) {
    if (entry.kind === 'sent') put(found, begun(entry))
    if (entry.kind === 'field' && entry.data.task_id) {
      const before = found.get(entry.data.task_id) ?? entered(entry)
      put(found, moved(before, entry))
    }
  }
  return [...found.values()]
}

function put(found: Map<string, Sent>, one: Sent): void {
  found.set(one.id, one)
}

const NOTHING = { asked: new Map(), staffId: null, staff: '', wanted: '', eta: '', reason: '', trouble: '' } as const

function begun(entry: SentEntry): Sent {
  const { task_id: id, what, staff, until } = entry.data
  return { ...NOTHING, id: id ?? `entry-${entry.number}`, what, practice: id === null, askedAt: entry.at, until: until ?? '', state: 'open', at: entry.at, wanted: staff }
}

/** By a dispatcher, at their desk. */
function entered(entry: FieldEntry): Sent {
  return { ...NOTHING, id: entry.data.task_id ?? '', what: '', practice: false, askedAt: entry.at, until: '', state: 'open', at: entry.at }
}

function moved(before: Sent, entry: FieldEntry): Sent {
  const { step, staff_id: staffId, staff, minutes, eta, reason, happened_at: happened } = entry.data
  const at = happened ?? entry.at
  const asked = new Map(before.asked)
  if (step === 'offered' && staffId !== null) asked.set(staffId, { name: staff, minutes })
  if (NO_ANSWER.has(step) && staffId !== null) asked.delete(staffId)
  if (step === 'help' || step === 'overdue_out') return { ...before, trouble: step, reason: reason || before.reason }
  if (step === 'called') return { ...before, trouble: reason === 'reached' || (reason === 'still_there' && before.trouble === 'overdue_out') ? '' : before.trouble }
  if (NO_ANSWER.has(step)) return before.state === 'offered' && !asked.size ? { ...before, asked, state: 'open', at } : { ...before, asked }
  const state = STATES[step]
  if (!state) return before
  const holds = HOLDS.has(state)
  return {
    ...before, state, at, asked: state === 'offered' ? asked : new Map(),
    staffId: holds ? staffId ?? before.staffId : null, staff: holds ? staff || before.staff : '',
    eta: state === 'under_way' ? eta ?? '' : '', reason, trouble: GOING.has(state) ? before.trouble : '',
  }
}

/** Somebody is on their way, or there. */
export const isGoing = (one: Sent) => GOING.has(one.state)
export const isOver = (one: Sent) => ENDED.has(one.state)

/** How it looks; the words and the sign say it too. */
export function lookOf(one: Sent): 'ok' | 'warn' | 'alarm' | '' {
  if (one.trouble || one.state === 'unplaced') return 'alarm'
  if (one.practice || isOver(one)) return ''
  return isGoing(one) ? 'ok' : 'warn'
}

export const SIGNS: Readonly<Record<SentState, string>> = { open: '…', offered: '?', unplaced: '!', accepted: '✓', under_way: '→', arrived: '●', done: '■', cancelled: '×' }

/** Begun minutes until then; less than nothing: it has passed. */
export const minutesUntil = (at: string, now: number) => Math.ceil((Date.parse(at) - now) / 60_000)

/** Nobody is there by when somebody was to be. */
export const isLate = (one: Sent, now: number) => !one.practice && !isOver(one) && one.state !== 'arrived' && one.until !== '' && now > Date.parse(one.until)

const MARKS = ['field_help', 'field_overdue', 'field_unplaced'] as const
export type FieldMark = (typeof MARKS)[number]

/** What must be heard of those who were sent, the gravest first. */
export const loudMark = (marks: readonly string[]): FieldMark | null => MARKS.find((mark) => marks.includes(mark)) ?? null
