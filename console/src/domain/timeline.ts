/** What the timeline says. The only place that looks into the data of its entries. Pure. */
import type { TimelineView } from '@/api/wire'

type Entry = TimelineView

/** What an entry tells, by its kind; codes and names as registered, in no language. */
export type Told =
  | { kind: 'opened' | 'joined'; signal: string; text: string }
  | { kind: 'step'; step: string; result: string; by: string; where: string; note: string }
  | { kind: 'note'; text: string }
  | { kind: 'reply'; meaning: 'yes' | 'no' | 'other'; text: string }
  | { kind: 'offered'; to: number | null; name: string }
  | { kind: 'assigned' }
  | { kind: 'told'; names: string[]; message: string }
  | { kind: 'taken'; from: string }
  | { kind: 'closed'; outcome: string; safeBy: string; safeWhere: string; note: string }
  | { kind: 'other'; code: string; note: string }

type Reader = (data: Entry['data']) => Told

const READERS: Record<string, Reader | undefined> = {
  opened: (data) => ({ kind: 'opened', signal: text(data.kind), text: text(data.text) }),
  joined: (data) => ({ kind: 'joined', signal: text(data.kind), text: text(data.text) }),
  step: (data) => ({ kind: 'step', step: text(data.step), result: text(data.result), by: text(data.by), where: text(data.where), note: text(data.note) }),
  note: (data) => ({ kind: 'note', text: text(data.text) || text(data.note) }),
  reply: (data) => ({ kind: 'reply', meaning: data.meaning === 'yes' || data.meaning === 'no' ? data.meaning : 'other', text: text(data.text) }),
  offered: (data) => ({ kind: 'offered', to: number(data.to), name: text(data.to_name) }),
  assigned: () => ({ kind: 'assigned' }),
  told: (data) => ({ kind: 'told', names: Array.isArray(data.names) ? data.names.map(text) : [], message: text(data.kind) }),
  taken: (data) => ({ kind: 'taken', from: text(data.from) }),
  closed: (data) => ({ kind: 'closed', outcome: text(data.outcome), safeBy: text(data.safe_by), safeWhere: text(data.safe_where), note: text(data.note) }),
}

/** Kinds that this console does not know are `other`: a newer server may write more. */
export function readEntry(entry: Entry): Told {
  return READERS[entry.kind]?.(entry.data) ?? { kind: 'other', code: entry.kind, note: text(entry.data.note) }
}

/** Whom an entry is about: ids where they are known, else the name that it carries. */
export interface Concerned {
  contactId: number | null
  residentId: number | null
  name: string
  latin: string
}

export function concernedIn({ data }: Entry): Concerned {
  return {
    contactId: number(data.contact_id),
    residentId: number(data.resident_id),
    name: text(data.name) || text(data.contact_name) || text(data.to_name) || text(data.resident_name),
    latin: text(data.name_latin) || text(data.name_en) || text(data.contact_name_latin),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

export interface Done {
  count: number
  /** Of the latest. */
  at: string
  result: string
  by: string
  where: string
}

/** Steps by kind, the latest result of each. */
export function stepsDone(entries: readonly Entry[]): ReadonlyMap<string, Done> {
  const done = new Map<string, Done>()
  for (const entry of entries) {
    const told = readEntry(entry)
    if (told.kind !== 'step') continue
    const { step, result, by, where } = told
    done.set(step, { count: (done.get(step)?.count ?? 0) + 1, at: entry.at, result: result || 'done', by, where })
  }
  return done
}

export interface Call {
  at: string
  result: string
}

/** The last call to each contact. */
export function contactCalls(entries: readonly Entry[]): ReadonlyMap<number, Call> {
  const calls = new Map<number, Call>()
  for (const entry of entries) {
    const told = readEntry(entry)
    const { contactId } = concernedIn(entry)
    if (told.kind === 'step' && told.step === 'contact_called' && contactId !== null) calls.set(contactId, { at: entry.at, result: told.result })
  }
  return calls
}

/** The last answer of each contact. */
export function contactReplies(entries: readonly Entry[]): ReadonlyMap<number, 'yes' | 'no' | 'other'> {
  const replies = new Map<number, 'yes' | 'no' | 'other'>()
  for (const entry of entries) {
    const told = readEntry(entry)
    const { contactId } = concernedIn(entry)
    if (told.kind === 'reply' && contactId !== null) replies.set(contactId, told.meaning)
  }
  return replies
}
