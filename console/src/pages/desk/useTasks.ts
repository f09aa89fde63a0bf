/** The tasks that a filter finds, kept as they are on the server: loaded by pages, then only what has changed. It knows how old it is. */
import { computed, onMounted, onUnmounted, ref, shallowRef, watch, type Ref } from 'vue'

import { fetchChanges, fetchCounts, fetchTasks, type Task, type TaskCounts, type TaskFilter } from '@/api/desk'
import { useNow } from '@/stores/now'

import { inOrder } from './ordering'

const ASK_EVERY_MS = 2_000
/** Ranks move on by the clock as well. */
const COUNT_EVERY_MS = 10_000
const ORDER_EVERY_MS = 5_000
/** Longer than this without an answer and the page says that it may be wrong. */
export const STALE_AFTER_MS = 8_000

const EVERYTHING: TaskFilter = { q: '', state: [], kind: [], staff_id: null, day: '' }

export function useTasks(filter: Ref<TaskFilter>) {
  const now = useNow()
  const known = shallowRef<ReadonlyMap<string, Task>>(new Map())
  /** Of everything that is open, whatever is filtered: no filter may hide somebody who waits for help. */
  const counts = shallowRef<TaskCounts | null>(null)
  /** So many the filter finds. */
  const matching = ref(0)
  const failure = shallowRef<unknown>(null)
  const loaded = ref(false)
  const more = ref(false)
  /** When the server has answered last, in milliseconds. */
  const heardAt = ref<number | null>(null)
  let mark = ''
  let after: string | null = null
  let turn = 0
  let countedAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const tick = computed(() => Math.floor(now.value / ORDER_EVERY_MS))
  const tasks = computed(() => (void tick.value, inOrder(known.value.values(), now.value)))
  const stale = computed(() => heardAt.value !== null && now.value - heardAt.value > STALE_AFTER_MS)

  /** Rows of an older state than the one that is here say nothing. */
  function lay(rows: readonly Task[], gone: readonly string[] = []): void {
    if (!rows.length && !gone.length) return
    const next = new Map(known.value)
    for (const id of gone) next.delete(id)
    for (const row of rows) if ((next.get(row.id)?.version ?? 0) <= row.version) next.set(row.id, row)
    known.value = next
  }

  async function count(mine: number): Promise<void> {
    const narrowed = filter.value
    const [all, found] = await Promise.all([fetchCounts(EVERYTHING), fetchCounts(narrowed)])
    if (mine !== turn) return
    counts.value = all
    matching.value = Object.values(found.states).reduce((sum, n) => sum + (n ?? 0), 0)
    countedAt = now.value
  }

  async function load(): Promise<void> {
    turn += 1
    const mine = turn
    clearTimeout(timer)
    try {
      const page = await fetchTasks(filter.value)
      if (mine !== turn) return
      known.value = new Map(page.items.map((each) => [each.id, each]))
      mark = page.mark
      after = page.after
      more.value = after !== null
      heard()
      loaded.value = true
      await count(mine)
    } catch (error) {
      if (mine === turn) failure.value = error
    }
    if (mine === turn) later()
  }

  /** The next page, where the list nears its end. */
  async function onwards(): Promise<void> {
    const mine = turn
    const from = after
    if (from === null) return
    after = null // one at a time
    try {
      const page = await fetchTasks(filter.value, from)
      if (mine !== turn) return
      lay(page.items)
      after = page.after
      more.value = after !== null
    } catch {
      if (mine === turn) after = from // asked again when the list is scrolled; its age says that the server is away
    }
  }

  async function ask(): Promise<void> {
    if (!loaded.value) return load()
    const mine = turn
    try {
      const found = await fetchChanges(filter.value, mark)
      if (mine !== turn) return
      if (found.more) return load()
      mark = found.mark
      lay(found.items, found.gone)
      heard()
      if (found.items.length || found.gone.length || now.value - countedAt > COUNT_EVERY_MS) await count(mine)
    } catch (error) {
      if (mine === turn) failure.value = error
    }
    if (mine === turn) later()
  }

  function heard(): void {
    heardAt.value = now.value
    failure.value = null
  }

  function later(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), ASK_EVERY_MS)
  }

  watch(() => JSON.stringify(filter.value), () => void load())
  onMounted(() => void load())
  onUnmounted(() => {
    turn += 1
    clearTimeout(timer)
  })
  return { tasks, counts, matching, failure, loaded, more, heardAt, stale, load, onwards, lay }
}
