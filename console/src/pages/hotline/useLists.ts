/** The lists of the page: which one, what was found, and its counts, looked at anew every some seconds. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'

import { fetchCalls, fetchCases, fetchCounts, type CallCounts, type CallLine, type CallPart, type CaseKind, type CaseState, type HotlineCase } from '@/api/hotline'
import { useNow } from '@/stores/now'
import { usePatience } from '@/stores/patience'

export const PARTS = ['to_be_filed', 'missed', 'call_backs', 'cases', 'all', 'cards'] as const
export type Part = (typeof PARTS)[number]
/** Work: what is done leaves the list, and the next stands in its place. */
export const WORK: readonly Part[] = ['to_be_filed', 'missed', 'call_backs', 'cases']
export const NOTHING_ASKED = { q: '', line: '', kind: '', direction: '', day: '', disposition: '' }
const LOOK_EVERY_MS = 15_000
const TYPING_PAUSE_MS = 250

export function useLists(initial: Part) {
  const part = ref<Part>(initial)
  const asked = ref({ ...NOTHING_ASKED })
  const caseKind = ref<CaseKind | ''>('')
  const caseState = ref<CaseState>('open')
  const calls = shallowRef<CallLine[]>([])
  const cases = shallowRef<HotlineCase[]>([])
  const next = shallowRef<string | null>(null)
  const counts = shallowRef<CallCounts | null>(null)
  const failure = shallowRef<unknown>(null)
  /** When the server last said what stands here; null: it has not yet. */
  const readAt = ref<number | null>(null)
  const busy = ref(false)
  const loaded = ref(false)
  const { away, ask } = usePatience()
  const time = useNow()
  let turn = 0
  /** What the list was read for: each reading is a look at people, and is written down. */
  let known = ''

  /** What `counts` says of this list; a list that did not change is not read again. */
  const countOf = (found: CallCounts) => JSON.stringify([part.value, asked.value, caseKind.value, caseState.value, found])

  async function look(anyway = true): Promise<void> {
    turn += 1
    const mine = turn
    busy.value = anyway
    try {
      const found = await ask(fetchCounts, () => mine === turn)
      if (mine !== turn) return
      counts.value = found
      const now = countOf(found)
      if (anyway || now !== known) await read(() => mine === turn)
      if (mine === turn) {
        known = now
        readAt.value = time.value
        failure.value = null
      }
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) {
        busy.value = false
        loaded.value = true
      }
    }
  }

  async function read(still: () => boolean, after: string | null = null): Promise<void> {
    if (part.value === 'cards') return
    if (part.value === 'cases') {
      const page = await ask(() => fetchCases(caseState.value, caseKind.value, after), still)
      if (!still()) return
      cases.value = after ? [...cases.value, ...page.items] : page.items
      next.value = page.after ?? null
      return
    }
    const page = await ask(() => fetchCalls({ part: part.value as CallPart, ...asked.value, q: asked.value.q.trim() }, after), still)
    if (!still()) return
    calls.value = after ? [...calls.value, ...page.items] : page.items
    next.value = page.after ?? null
  }

  async function more(): Promise<void> {
    turn += 1
    const mine = turn
    busy.value = true
    try {
      await read(() => mine === turn, next.value)
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch([part, caseKind, caseState], () => {
    calls.value = []
    cases.value = []
    next.value = null
    loaded.value = false
    readAt.value = null
    void look()
  }, { immediate: true })
  watch(asked, () => {
    clearTimeout(typing)
    typing = setTimeout(() => void look(), TYPING_PAUSE_MS)
  }, { deep: true })
  const timer = setInterval(() => void look(false), LOOK_EVERY_MS)
  onScopeDispose(() => {
    turn += 1
    clearInterval(timer)
    clearTimeout(typing)
  })

  return { part, asked, caseKind, caseState, calls, cases, next, counts, failure, readAt, busy, loaded, away, look, more }
}
