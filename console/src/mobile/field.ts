/** What the page knows and does: jobs last seen, the queue, and the sending of it. Everything that is said lies on the shelf first. */
import { reactive } from 'vue'

import { better, clockError, type Measured } from './clock'
import { newId } from './identity'
import { laneOf, LANES, nextBatch, pauseAfter, settled, waiting, type CommandName, type Item, type Lane, type Photo } from './queue'
import type { PhoneRounds, RoundCommand } from './rounds/stops'
import type { Shelf } from './shelf'
import { isForLater, NoLine, Refusal, type Batch, type Job, type Jobs, type PhotoAnswer, type Time } from './wire'

export type Ask = <T>(method: string, path: string, body?: unknown, patienceMs?: number) => Promise<T>

/** `on`: the last question was answered. `out`: nobody is logged in here any more. */
export type Line = 'on' | 'off' | 'out'

export interface Kept {
  jobs: Jobs
  /** By this phone's clock. */
  seen_at: number
}

export interface KeptRounds {
  staff_id: number
  rounds: PhoneRounds
  seen_at: number
}

const PHOTO_FIRST_MS = 8_000
const PHOTO_MS = 90_000
const MEASURE_EVERY_MS = 10 * 60_000

export interface Around {
  now: () => number
  chance: () => number
  later: (work: () => void, ms: number) => void
}

const AROUND: Around = { now: Date.now, chance: Math.random, later: (work, ms) => void setTimeout(work, ms) }

export function createField(shelf: Shelf, ask: Ask, around: Around = AROUND) {
  const state = reactive({
    ready: false,
    keeps: shelf.keeps,
    line: 'off' as Line,
    kept: null as Kept | null,
    rounds: null as KeptRounds | null,
    items: [] as Item[],
    photos: [] as Photo[],
    clock: null as Measured | null,
    sending: false,
  })
  const gone = new Set<string>()
  let failures = 0
  let again = false
  let measuredAt = -Infinity

  const staffId = () => state.kept?.jobs.who.staff_id ?? -1
  const own = <T extends { staff_id: number }>(list: readonly T[]) => list.filter((each) => each.staff_id === staffId())

  async function load() {
    state.kept = (await shelf.kept<Kept>('jobs')) ?? null
    state.rounds = (await shelf.kept<KeptRounds>('rounds')) ?? null
    state.clock = (await shelf.kept<Measured>('clock')) ?? null
    await gather()
    state.ready = true
  }

  /** Also what another page of this browser has put there. */
  async function gather() {
    const [items, photos] = await Promise.all([shelf.items(), shelf.photos()])
    state.items = merged(state.items, items)
    state.photos = merged(state.photos, photos)
  }

  function merged<T extends { id: string }>(here: T[], there: T[]): T[] {
    const known = new Set(here.map((each) => each.id))
    return [...here, ...there.filter((each) => !known.has(each.id) && !gone.has(each.id))]
  }

  async function say(name: CommandName, job: Job | null, body: Record<string, unknown> = {}, photo?: { blob: Blob; nonce: string }) {
    const item = itemOf(name, job ? job.place || job.what : '', body, job?.id)
    const picture = photo && job ? pictureOf(item, job, photo) : undefined
    if (picture) item.body.photo_id = picture.id
    await hold(item, picture)
  }

  /** At a door of a round, or about somebody whom one looks in on. */
  const sayAtDoor = ({ name, label, body }: RoundCommand) => hold(itemOf(name, label, body))

  function itemOf(name: CommandName, label: string, body: Record<string, unknown>, taskId: string | null = null): Item {
    return {
      id: newId(),
      seq: Math.max(0, ...state.items.map((each) => each.seq)) + 1,
      staff_id: staffId(),
      name,
      task_id: taskId,
      label,
      said_at: new Date(around.now()).toISOString(),
      clock_error_s: state.clock?.error_s ?? null,
      body: plain({ ...body, offline: state.line !== 'on' || !navigator.onLine }),
    }
  }

  async function hold(item: Item, picture?: Photo) {
    await put(item, picture)
    state.items.push(item)
    if (picture) state.photos.push(picture)
    void send()
  }

  function pictureOf(item: Item, job: Job, { blob, nonce }: { blob: Blob; nonce: string }): Photo {
    return { id: newId(), staff_id: item.staff_id, task_id: job.id, label: item.label, nonce, blob, taken_at: item.said_at }
  }

  /** A phone that is full keeps it in the open page, and says so. */
  async function put(item: Item, photo?: Photo) {
    try {
      await shelf.putItem(item, photo)
    } catch {
      state.keeps = false
      await shelf.putItem(item).catch(() => undefined)
    }
  }

  // ---- sending

  async function send() {
    if (state.sending) {
      again = true
      return
    }
    state.sending = true
    try {
      do {
        again = false
        await gather()
        await sendAll()
      } while (again)
      failures = 0
    } catch (error) {
      await failed(error)
    } finally {
      state.sending = false
    }
  }

  async function sendAll() {
    const head = new Set(nextBatch(state.items, staffId()).map((each) => each.body.photo_id))
    // A picture beside its check-in is compared with earlier ones at once; but an arrival waits for no picture.
    const first = own(state.photos).filter((each) => !each.told && head.has(each.id))
    for (const photo of first.slice(0, 1)) await sendPhoto(photo, PHOTO_FIRST_MS).catch(unlessOut)
    const told = await sendLanes()
    for (const photo of own(state.photos).filter((each) => !each.told)) await sendPhoto(photo, PHOTO_MS)
    if (told) await refresh()
  }

  /** Both, whatever becomes of the first. */
  async function sendLanes(): Promise<number> {
    let [told, failure] = [0, undefined as unknown]
    for (const lane of LANES) {
      await sendCommands(lane).then((count) => (told += count), (error: unknown) => (failure ??= error))
    }
    if (failure) throw failure
    return told
  }

  const left = (lane: Lane) => waiting(state.items, staffId()).filter((each) => laneOf(each) === lane).length

  async function sendCommands(lane: Lane): Promise<number> {
    let [told, most] = [0, undefined as number | undefined]
    for (let batch = nextBatch(state.items, staffId(), most, lane); batch.length; batch = nextBatch(state.items, staffId(), most, lane)) {
      const before = left(lane)
      try {
        const { answers } = await ask<Batch>('POST', lane, { commands: batch })
        state.line = 'on'
        await settle(settled(state.items, answers, new Date(around.now()).toISOString()))
      } catch (error) {
        if (!(error instanceof Refusal) || isForLater(error) || error.status === 401) throw error
        if (batch.length > 1) most = 1 // one of them cannot be read: it must not stop the others
        else await settle(refusedHere(batch[0]!.id, error))
        continue
      }
      const after = left(lane)
      if (after >= before) throw new NoLine('nothing was decided on')
      told += before - after
    }
    return told
  }

  const refusedHere = (id: string, { code, params }: Refusal): Item[] =>
    state.items.map((item) => (item.id === id ? { ...item, told: { answer: 'refused', code, params, at: new Date(around.now()).toISOString() } } : item))

  async function settle(after: Item[]) {
    const left = new Map(after.map((each) => [each.id, each]))
    for (const item of [...state.items]) {
      const now = left.get(item.id)
      if (!now) await drop(item.id)
      else if (now !== item && now.told !== item.told) await shelf.putItem(plain(now)).catch(() => undefined)
    }
    state.items = after
  }

  async function drop(id: string) {
    gone.add(id)
    await shelf.dropItem(id).catch(() => undefined)
  }

  async function sendPhoto(photo: Photo, patienceMs: number) {
    const where = `/photos/${photo.id}?task_id=${photo.task_id}&nonce=${encodeURIComponent(photo.nonce)}`
    let refused: string
    try {
      refused = (await ask<PhotoAnswer>('PUT', where, photo.blob, patienceMs)).refused
    } catch (error) {
      if (!(error instanceof Refusal) || isForLater(error) || error.status === 401) throw error
      refused = error.code
    }
    if (!refused) return readPhoto(photo.id)
    const told = { ...photo, blob: new Blob(), told: { code: refused, at: new Date(around.now()).toISOString() } }
    await shelf.putPhoto(told).catch(() => undefined)
    state.photos = state.photos.map((each) => (each.id === photo.id ? told : each))
  }

  function unlessOut(error: unknown) {
    if (error instanceof Refusal && error.status === 401) throw error
  }

  async function failed(error: unknown) {
    if (error instanceof Refusal && error.status === 401) {
      state.line = 'out'
      return
    }
    state.line = 'off'
    failures += 1
    around.later(() => void send(), pauseAfter(failures, around.chance()))
  }

  // ---- what is to be read

  async function readItem(id: string) {
    await drop(id)
    state.items = state.items.filter((each) => each.id !== id)
  }

  async function readPhoto(id: string) {
    gone.add(id)
    await shelf.dropPhoto(id).catch(() => undefined)
    state.photos = state.photos.filter((each) => each.id !== id)
  }

  async function refresh() {
    try {
      await measure()
      const jobs = await ask<Jobs>('GET', '/jobs')
      state.kept = { jobs, seen_at: around.now() }
      state.line = 'on'
      await shelf.keep('jobs', plain(state.kept)).catch(() => undefined)
      const rounds = await ask<PhoneRounds>('GET', '/rounds')
      state.rounds = { staff_id: staffId(), rounds, seen_at: around.now() }
      await shelf.keep('rounds', plain(state.rounds)).catch(() => undefined)
    } catch (error) {
      state.line = error instanceof Refusal && error.status === 401 ? 'out' : 'off'
    }
  }

  async function measure() {
    if (around.now() - measuredAt < MEASURE_EVERY_MS && around.now() >= measuredAt) return
    const asked = around.now()
    const { now } = await ask<Time>('GET', '/time')
    measuredAt = around.now()
    state.clock = better(state.clock, clockError(asked, measuredAt, now))
    await shelf.keep('clock', plain(state.clock)).catch(() => undefined)
  }

  return { state, load, say, sayAtDoor, send, refresh, readItem, readPhoto }
}

export type Field = ReturnType<typeof createField>

/** What a shelf can copy: nothing that Vue has wrapped. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
