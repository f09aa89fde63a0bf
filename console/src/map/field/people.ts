/** Who is on duty and where, as the map shows it. Pure. */
import type { components } from '@/api/schema.gen'

export type FieldPerson = components['schemas']['FieldDot']
export type FieldAnswer = components['schemas']['FieldDots']

/** Seconds after which a position says where somebody was, and not where they are. */
export const OLD_S = 300

export type Shape = 'disc' | 'square' | 'triangle' | 'cross' | 'diamond' | 'pentagon'

const SHAPES: readonly (readonly [Shape, readonly string[]])[] = [
  ['cross', ['doctor', 'nurse']],
  ['square', ['driver']],
  ['disc', ['caregiver', 'cook']],
  ['pentagon', ['grid_worker', 'social_worker']],
  ['triangle', ['volunteer', 'neighbour']],
]

/** By what somebody is; of several the one that is called for first. */
export function shapeOf(kinds: readonly string[]): Shape {
  return SHAPES.find(([, of]) => of.some((kind) => kinds.includes(kind)))?.[0] ?? 'diamond'
}

export const shapes = (): readonly (readonly [Shape, readonly string[]])[] => [...SHAPES, ['diamond', ['technician', 'key_holder']]]

/** What is known after an answer: of a whole one nothing that was known before. */
export function after(known: ReadonlyMap<number, FieldPerson>, answer: FieldAnswer): ReadonlyMap<number, FieldPerson> {
  const next = new Map(answer.whole ? [] : known)
  for (const id of answer.gone) next.delete(id)
  for (const person of answer.dots) next.set(person.staff_id, person)
  return next
}

export const isSomewhere = (person: FieldPerson): person is FieldPerson & { lat: number; lng: number; at: string } =>
  person.at !== null && Number.isFinite(person.lat) && Number.isFinite(person.lng)

/** Seconds since somebody was seen there; null where nobody knows where they are. `now` in milliseconds, by the server. */
export function ageOf(person: FieldPerson, now: number): number | null {
  return person.at === null ? null : Math.max(0, Math.floor((now - Date.parse(person.at)) / 1_000))
}

/** Whether the sign is hollow. `silent`: the server says nothing now, and every position is only what it was. */
export function isOld(person: FieldPerson, now: number, silent: boolean): boolean {
  const age = ageOf(person, now)
  return silent || age === null || age >= OLD_S
}

/** Who does something first, then by name; the same order each time. */
export function inOrder(people: Iterable<FieldPerson>): FieldPerson[] {
  const rank = (person: FieldPerson) => (person.task_kind ? 0 : isSomewhere(person) ? 1 : 2)
  return [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'zh-CN') || a.staff_id - b.staff_id)
}

export interface Box {
  x: number
  y: number
  width: number
}

const LINE = 18

/** Which names may stand beside their signs: the first that come, as long as none runs into another. */
export function legible(boxes: readonly Box[]): boolean[] {
  const rows = new Map<number, Box[]>()
  return boxes.map((box) => {
    const row = Math.round(box.y / LINE)
    const near = [row - 1, row, row + 1].flatMap((each) => rows.get(each) ?? [])
    const hits = near.some((other) => Math.abs(other.y - box.y) < LINE && other.x < box.x + box.width && box.x < other.x + other.width)
    if (!hits) rows.set(row, [...(rows.get(row) ?? []), box])
    return !hits
  })
}
