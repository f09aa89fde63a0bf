/** What its owner did and the server has not decided on yet. Pure: the queue is a list, in the order in which things were done. */
import type { Answer, Job } from './wire'

export type RoundWord = 'round_visit' | 'pair_tick'
export type CommandName = 'accept' | 'decline' | 'set_out' | 'arrive' | 'depart' | 'help' | 'report' | 'wish' | 'on_duty' | 'off_duty' | 'help_alone' | RoundWord

/** Words of a round have an address of their own; what is the matter with one keeps nobody from the other. */
export const LANES = ['/commands', '/rounds/commands'] as const
export type Lane = (typeof LANES)[number]
const OF_ROUNDS: ReadonlySet<CommandName> = new Set(['round_visit', 'pair_tick'])
export const laneOf = ({ name }: Pick<Item, 'name'>): Lane => (OF_ROUNDS.has(name) ? '/rounds/commands' : '/commands')

export interface Item {
  id: string
  /** Of the queue: it only grows. */
  seq: number
  staff_id: number
  name: CommandName
  task_id: string | null
  /** What the job is called where it is shown. */
  label: string
  said_at: string
  clock_error_s: number | null
  body: Record<string, unknown>
  /** How it was answered, where that is news that its owner must read. */
  told?: { answer: 'otherwise' | 'refused'; code: string; params: Record<string, unknown>; at: string }
}

export interface Photo {
  id: string
  staff_id: number
  task_id: string
  label: string
  nonce: string
  blob: Blob
  taken_at: string
  told?: { code: string; at: string }
}

export const BATCH = 40

export const waiting = (items: readonly Item[], staffId: number) =>
  items.filter((each) => !each.told && each.staff_id === staffId).sort((one, other) => one.seq - other.seq)

export interface Command {
  id: string
  name: string
  task_id: string | null
  after: string | null
  said_at: string
  clock_error_s: number | null
  body: Record<string, unknown>
}

/**
 * From the head of the queue, each after the one before it for the same job. One whose forerunner has been decided on follows nothing:
 * the server carries out in the order of the batch.
 */
export function nextBatch(items: readonly Item[], staffId: number, most = BATCH, lane: Lane = '/commands'): Command[] {
  const last = new Map<string | null, string>()
  return waiting(items, staffId).filter((each) => laneOf(each) === lane).slice(0, most).map((item) => {
    const after = last.get(item.task_id) ?? null
    last.set(item.task_id, item.id)
    const { id, name, task_id, said_at, clock_error_s, body } = item
    return { id, name, task_id, after, said_at, clock_error_s, body }
  })
}

/** After an answer: what is done is gone, what was decided otherwise stays until it was read, what came too early waits on. */
export function settled(items: readonly Item[], answers: readonly Answer[], at: string): Item[] {
  const by = new Map(answers.map((each) => [each.id, each]))
  return items.flatMap((item) => {
    const said = by.get(item.id)
    if (!said || said.answer === 'too_early' || item.told) return [item]
    if (said.answer === 'done') return []
    return [{ ...item, told: { answer: said.answer as 'otherwise' | 'refused', code: said.code, params: said.params, at } }]
  })
}

const BECOMES: Partial<Record<CommandName, Partial<Job>>> = {
  accept: { state: 'accepted', mine: true, offer_until: null },
  set_out: { state: 'under_way' },
  arrive: { state: 'arrived' },
  depart: { state: 'done' },
}

export interface Shown extends Job {
  /** How many words about it have not been sent. */
  unsent: number
}

/** The jobs as they will stand once the queue is through, if nobody decides otherwise. */
export function asIfSent(jobs: readonly Job[], items: readonly Item[], staffId: number): Shown[] {
  const queue = waiting(items, staffId)
  return jobs.flatMap((job) => {
    const own = queue.filter((each) => each.task_id === job.id)
    if (own.some((each) => each.name === 'decline')) return []
    const after = own.reduce<Job>((shown, each) => ({ ...shown, ...BECOMES[each.name] }), job)
    const fulfilled = new Set(own.filter((each) => each.name === 'wish').map((each) => each.body.wish_id))
    return [{ ...after, wishes: (after.wishes ?? []).filter((wish) => !fulfilled.has(wish.id)), unsent: own.length }]
  })
}

/** When somebody is on duty as they have said last. */
export function onDuty(since: string | null, items: readonly Item[], staffId: number): string | null {
  return waiting(items, staffId).reduce<string | null>((held, each) => {
    if (each.name === 'on_duty') return held ?? each.said_at
    return each.name === 'off_duty' ? null : held
  }, since)
}

const FIRST_MS = 2_000
const LAST_MS = 60_000

/** How long to wait after so many failures in a row; `chance` from 0 to 1 keeps a street full of phones from coming back at once. */
export const pauseAfter = (failures: number, chance: number) => Math.min(LAST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1)) * (0.75 + chance / 2)
