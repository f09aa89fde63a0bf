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

/** A sign of 24 pixels and a gap: nearer than that one hides the other, and no finger tells them apart. */
const SIGN_PX = 30

export interface Sign extends TaskPlace {
  x: number
  y: number
}

/** Places whose signs would lie on one another on the screen are one sign, where the most urgent of them is. The most urgent last. */
export function signsOf(places: readonly TaskPlace[], toScreen: (position: [number, number]) => { x: number; y: number }): Sign[] {
  const cells = new Map<string, Sign[]>()
  const found: Sign[] = []
  for (const place of [...places].reverse()) {
    const { x, y } = toScreen([place.lng, place.lat])
    const [column, row] = [Math.floor(x / SIGN_PX), Math.floor(y / SIGN_PX)]
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${column + dx} ${row + dy}`) ?? []))
    const near = around.find((each) => Math.abs(each.x - x) < SIGN_PX && Math.abs(each.y - y) < SIGN_PX)
    if (near) {
      near.tasks = [...near.tasks, ...place.tasks]
      continue
    }
    const sign = { ...place, x, y }
    found.push(sign)
    cells.set(`${column} ${row}`, [...(cells.get(`${column} ${row}`) ?? []), sign])
  }
  return found.reverse()
}
