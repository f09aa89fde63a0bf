/** The operator's hands: one call at a time, kept under its lease, and what came of it. */
import { onScopeDispose, ref, shallowRef } from 'vue'

import { giveBack, renew, report, takeItem, takeNext, type Call, type CallResult } from '@/api/calls'
import { ApiError, commandId } from '@/api/http'
import { useIncidents } from '@/stores/incidents'

const RENEW_MS = 60_000
/** While somebody presses for a test, what has arrived is looked at this often. */
const ARRIVING_MS = 5_000

/** What a key or a button means; the place in the list is the key. */
export const RESULTS = ['well', 'needs_help', 'no_answer', 'wrong_number', 'postponed', 'needs_service', 'not_needed'] as const satisfies readonly CallResult[]
export const POSTPONED_MINUTES = [15, 60, 240, 1_440] as const

export const SCORES = [1, 2, 3, 4, 5] as const

/** `list`: the one that is worked on; null: all. */
export function useDesk(changed: () => void, list: () => number | null) {
  const incidents = useIncidents()
  /** What comes next is fetched by itself once a call is reported; not while an alarm rings, nor after one was opened, nor after one that was picked from the list. */
  const goesOn = ref(true)
  let inTurn = false
  /** Between a call and the next. */
  const goingOn = ref(false)
  const call = shallowRef<Call | null>(null)
  const asked = ref(false)
  const busy = ref(false)
  const failure = shallowRef<unknown>(null)
  const note = ref('')
  /** What they wish of those who come to them. */
  const wish = ref('')
  /** What needs a second key: an alarm, for how long, or how content they are. */
  const asking = ref<'needs_help' | 'postponed' | 'score' | null>(null)
  const reported = shallowRef<{ call: Call; result: CallResult } | null>(null)
  /** The same report under the same id until the server has taken it. */
  let unsent: { id: string; result: CallResult; minutes: number | null; score: number | null } | null = null

  let keptAt = Date.now()
  const timer = setInterval(() => void keep(), ARRIVING_MS)
  onScopeDispose(() => clearInterval(timer))

  async function attempt(what: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    failure.value = null
    try {
      await what()
    } catch (error) {
      failure.value = error
      if (error instanceof ApiError && error.code === 'lease_lapsed') put(null)
    } finally {
      busy.value = false
      changed()
    }
  }

  function put(next: Call | null): void {
    call.value = next
    keptAt = Date.now()
    asking.value = null
    note.value = ''
    wish.value = ''
    unsent = null
  }

  const next = () => attempt(async () => {
    put(await takeNext(list()))
    inTurn = true
    asked.value = true
  })

  const take = (item: number) => attempt(async () => {
    put(await takeItem(item))
    inTurn = false
  })

  const back = () => attempt(async () => {
    if (call.value) await giveBack(call.value.item.id)
    put(null)
  })

  async function keep(): Promise<void> {
    const mine = call.value
    if (!mine || busy.value || Date.now() - keptAt < (mine.item.device_id === null ? RENEW_MS : ARRIVING_MS)) return
    try {
      const renewed = await renew(mine.item.id)
      if (call.value === mine) call.value = renewed
    } catch (error) {
      if (call.value !== mine || !(error instanceof ApiError) || error.code !== 'lease_lapsed') return // asked again before the lease ends
      failure.value = error
      put(null)
      changed()
    } finally {
      keptAt = Date.now()
    }
  }

  async function send(result: CallResult, minutes: number | null = null, score: number | null = null): Promise<void> {
    if (busy.value) return
    goingOn.value = inTurn && goesOn.value && result !== 'needs_help'
    await reportIt(result, minutes, score)
    const isReported = !call.value && !failure.value
    if (goingOn.value && isReported && !incidents.ringing.length) await next()
    goingOn.value = false
    if (!call.value) changed()
  }

  const reportIt = (result: CallResult, minutes: number | null, score: number | null) => attempt(async () => {
    const mine = call.value
    if (!mine) return
    if (unsent?.result !== result || unsent.minutes !== minutes || unsent.score !== score) unsent = { id: commandId(), result, minutes, score }
    await report(mine.item.id, { id: unsent.id, result, note: note.value.trim(), wish: wish.value.trim(), minutes, score })
    put(null)
    reported.value = { call: mine, result }
    asked.value = false
  })

  /** The key or button of a result: what rings or needs a time asks once more. */
  function choose(result: CallResult): void {
    const item = call.value?.item
    if (!item) return
    if (result === 'postponed' || (result === 'needs_help' && asking.value !== 'needs_help')) asking.value = result
    else if (result === 'well' && item.kind === 'satisfaction') asking.value = 'score'
    else void send(result)
  }

  /** How content they are, 1 to 5; null: they did not say. */
  function rate(said: number | null): void {
    void send('well', null, said)
  }

  /** A key of the page; whether it was used. */
  function key(pressed: string): boolean {
    const place = Number(pressed) - 1
    if (asking.value === 'postponed' && POSTPONED_MINUTES[place]) void send('postponed', POSTPONED_MINUTES[place])
    else if (asking.value === 'score' && (pressed === '0' || SCORES[place])) rate(SCORES[place] ?? null)
    else if (pressed === 'Escape' && asking.value) asking.value = null
    else if (pressed === 'Escape' && call.value) void back()
    else if (call.value && asking.value !== 'postponed' && asking.value !== 'score' && RESULTS[place]) choose(RESULTS[place])
    else if (!call.value && (pressed === 'g' || pressed === 'n')) void next()
    else return false
    return true
  }

  return { call, asked, busy, failure, note, wish, asking, reported, goesOn, goingOn, next, take, back, send, choose, rate, key }
}
