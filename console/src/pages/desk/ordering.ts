/** What a task wants of the dispatcher at this moment, from its row and the clock alone; as the server ranks (dispatch/desk/ordering.py). Pure. */
import type { Task } from '@/api/desk'

export const GROUPS = ['unplaced_rescue', 'lone_worker', 'unplaced', 'late', 'at_risk', 'none'] as const
export type Group = (typeof GROUPS)[number]

/** What each group is marked with, beside its words and colour. */
export const SIGNS: Record<Group, string> = { unplaced_rescue: '▲▲', lone_worker: '☎', unplaced: '▲', late: '!', at_risk: '◔', none: '' }

const ENDED: readonly string[] = ['done', 'cancelled']
const past = (at: string | null, now: number) => at !== null && now > Date.parse(at)

export const hasEnded = (task: Task) => ENDED.includes(task.state)
export const isHeld = (task: Task) => ['accepted', 'under_way', 'arrived'].includes(task.state)
export const isSeeking = (task: Task) => ['open', 'offered', 'unplaced'].includes(task.state)

/** `now` in milliseconds, by the server's clock. */
export function groupOf(task: Task, now: number): Group {
  if (hasEnded(task)) return 'none'
  if (task.state === 'unplaced') return task.kind === 'rescue' ? 'unplaced_rescue' : 'unplaced'
  if (past(task.overdue_at, now)) return 'lone_worker'
  if (past(task.late_at, now)) return 'late'
  return task.will_be_late || past(task.risk_at, now) ? 'at_risk' : 'none'
}

/** Those that want most come first, then what is due next. */
export function inOrder(tasks: Iterable<Task>, now: number): Task[] {
  return [...tasks]
    .map((task) => ({ task, rank: GROUPS.indexOf(groupOf(task, now)), due: Date.parse(task.due_at) }))
    .sort((a, b) => a.rank - b.rank || a.due - b.due || (a.task.id < b.task.id ? -1 : 1))
    .map(({ task }) => task)
}

export interface TaskPlace {
  key: string
  lat: number
  lng: number
  /** The most urgent first. */
  tasks: Task[]
  group: Group
}

/** Tasks at the same place are one sign; the most urgent place last, so that it lies on top. */
export function placesOf(tasks: readonly Task[], now: number): TaskPlace[] {
  const found = new Map<string, TaskPlace>()
  for (const task of tasks) {
    if (task.lat === null || task.lng === null) continue
    const key = `${task.lat.toFixed(5)} ${task.lng.toFixed(5)}`
    const known = found.get(key)
    if (known) known.tasks.push(task)
    else found.set(key, { key, lat: task.lat, lng: task.lng, tasks: [task], group: groupOf(task, now) })
  }
  return [...found.values()].sort((a, b) => GROUPS.indexOf(b.group) - GROUPS.indexOf(a.group))
}
