/** The register of residents: what was searched for, what was found, and who lies open. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { lookUp } from '@/api/http'
import type { ResidentLine, Residents } from '@/api/records'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'

const LIMIT = 50

export const useRegister = defineStore('register', () => {
  const patience = usePatience()
  const query = ref('')
  /** Id of the region in which they live, or below it; empty: any. */
  const region = ref('')
  const page = ref(1)
  const total = ref(0)
  /** There are more than `total`: the server stops counting. */
  const capped = ref(false)
  /** Leads behind the last line shown; null where the list ends. */
  const after = ref<string | null>(null)
  const lines = shallowRef<readonly ResidentLine[]>([])
  /** The line under the cursor. */
  const cursor = ref(0)
  /** The resident shown; null is a new one, undefined nobody. */
  const open = ref<number | null | undefined>(undefined)
  /** What is open holds changes that are not saved. */
  const dirty = ref(false)
  const failure = shallowRef<unknown>(null)
  const asking = ref(false)
  let turn = 0

  /** As the server is asked. */
  const asked = computed(() => ({ q: query.value.trim(), region_id: region.value ? Number(region.value) : null }))
  const pages = computed(() => Math.max(1, Math.ceil(total.value / LIMIT)))
  /** What the server has counted has pages; behind the last of them the list goes on by its cursor. */
  const goesOn = computed(() => after.value !== null && page.value === pages.value)

  async function load(): Promise<void> {
    await ask({ page: page.value }, take)
  }

  /** The next lines, behind those that are shown. */
  async function more(): Promise<void> {
    if (goesOn.value && !asking.value) await ask({ after: after.value }, append)
  }

  /** The newest question is the one that is answered. */
  async function ask(part: { page: number } | { after: string | null }, answered: (found: Residents) => void): Promise<void> {
    turn += 1
    const mine = turn
    const question = { ...asked.value, limit: LIMIT, ...part }
    asking.value = true
    try {
      const found = await patience.ask(() => lookUp<Residents>('/residents', question), () => mine === turn)
      if (mine === turn) answered(found)
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) asking.value = false
    }
  }

  function take(found: Residents): void {
    lines.value = found.items
    total.value = found.total
    capped.value = found.total_is_capped
    after.value = found.after ?? null
    cursor.value = 0
    failure.value = null
  }

  function append(found: Residents): void {
    lines.value = [...lines.value, ...found.items]
    after.value = found.after ?? null
    failure.value = null
  }

  function move(step: number): void {
    cursor.value = Math.min(lines.value.length - 1, Math.max(0, cursor.value + step))
  }

  /** As the page is entered, and as it is left: questions on their way are forgotten. */
  function clear(): void {
    turn += 1
    query.value = region.value = ''
    page.value = 1
    open.value = undefined
    dirty.value = asking.value = false
    take({ items: [], total: 0, total_is_capped: false, after: null, page: 1, limit: LIMIT })
  }

  whenDropped(clear)

  return { query, region, asked, page, pages, goesOn, total, capped, lines, cursor, open, dirty, failure, asking, away: patience.away, load, more, move, clear }
})
