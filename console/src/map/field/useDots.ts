/**
 * Asks who is on duty and where, for as long as a map is shown: every one and a half seconds, one question at a time, by a fetch of its own that
 * nothing else waits for. It gives up after some seconds and asks less often while nobody answers; what was heard last stays, and
 * says its age.
 */
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'

import { atServer } from '@/api/http'

import { after, type FieldAnswer, type FieldPerson } from './people'

export const EVERY_MS = 1_500
const LONGEST_MS = 15_000
const WITHIN_MS = 5_000
/** Without an answer for so long every position is only what it was. */
export const SILENT_MS = 10_000
const TICK_MS = 1_000

/** `desk`: of the regions of whoever has logged in. `wall`: of the screen that was paired. */
export type FieldSource = 'desk' | 'wall'
const PATHS: Record<FieldSource, string> = { desk: '/api/v1/field/dots', wall: '/api/v1/wall/dots' }

export interface FieldView {
  people: ReadonlyMap<number, FieldPerson>
  /** Milliseconds since 1970, by the server. */
  now: number
  /** Milliseconds since it was answered last. */
  sinceMs: number
  silent: boolean
}

/** Whoever may not see the field is asked no more. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 404])

/** Milliseconds until the next question after so many failures in a row. */
export const pauseAfter = (failures: number) => Math.min(LONGEST_MS, EVERY_MS * 2 ** Math.min(failures, 8))

/** Null until it was answered for the first time. */
export function useDots(source: FieldSource): Readonly<Ref<FieldView | null>> {
  const people = shallowRef<ReadonlyMap<number, FieldPerson>>(new Map())
  const ticking = ref(performance.now())
  /** By `performance.now()`; what the server's clock said then. */
  const answered = shallowRef<{ at: number; now: number } | null>(null)
  let cursor = ''
  let failures = 0
  let timer = 0
  let asking: AbortController | null = null
  let left = false

  async function ask(): Promise<void> {
    asking = new AbortController()
    const limit = window.setTimeout(() => asking?.abort(), WITHIN_MS)
    try {
      const answer = await fetch(`${atServer(PATHS[source])}?since=${encodeURIComponent(cursor)}`, { signal: asking.signal, credentials: atServer('') ? 'include' : 'same-origin', priority: 'low' })
      if (REFUSED.has(answer.status)) return forget()
      if (!answer.ok) throw new Error(String(answer.status))
      put((await answer.json()) as FieldAnswer)
      failures = 0
    } catch {
      failures += 1 // away, too slow, or left: what was heard last stays, and says its age
    } finally {
      clearTimeout(limit)
    }
    if (!left) timer = window.setTimeout(look, pauseAfter(failures))
  }

  /** A page that nobody sees asks nothing. */
  function look(): void {
    if (document.hidden) timer = window.setTimeout(look, EVERY_MS)
    else void ask()
  }

  function put(answer: FieldAnswer): void {
    if (left) return
    cursor = answer.cursor
    if (answer.whole || answer.dots.length || answer.gone.length) people.value = after(people.value, answer)
    ticking.value = performance.now()
    answered.value = { at: ticking.value, now: Date.parse(answer.now) }
  }

  function forget(): void {
    answered.value = null
    people.value = new Map()
  }

  const ticks = window.setInterval(() => (ticking.value = performance.now()), TICK_MS)
  look()
  onScopeDispose(() => {
    left = true
    asking?.abort()
    clearTimeout(timer)
    clearInterval(ticks)
  })

  return computed(() => {
    if (!answered.value) return null
    const sinceMs = Math.max(0, ticking.value - answered.value.at)
    return { people: people.value, now: answered.value.now + sinceMs, sinceMs, silent: sinceMs > SILENT_MS }
  })
}
