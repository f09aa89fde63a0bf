/** What is asked of the trail stands in the address of the page; what was found so far, and whether there is more behind it. */
import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

import { readTrail, type AuditEntry, type AuditFilter } from '@/api/audit'
import { usePatience } from '@/stores/patience'

/** Entries that go on paper at once. */
export const MOST_PRINTED = 2_000

const textOf = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : undefined)
const numberOf = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined)
const dayOf = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined)

export function filterOf(query: LocationQuery): AuditFilter {
  return { user_id: numberOf(query.user), resident_id: numberOf(query.resident), action: textOf(query.kind), from_day: dayOf(query.from), to_day: dayOf(query.to) }
}

export function queryOf(asked: AuditFilter): Record<string, string> {
  const said = { user: asked.user_id, resident: asked.resident_id, kind: asked.action, from: asked.from_day, to: asked.to_day }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => [key, String(value)]))
}

export function useTrail() {
  const route = useRoute()
  const router = useRouter()
  const { away, ask } = usePatience()
  const asked = computed(() => filterOf(route.query))
  const entries = shallowRef<readonly AuditEntry[]>([])
  /** The id behind which the trail goes on; null: this is all. */
  const before = ref<string | null>(null)
  /** Of the resident asked about; empty where there is none to be told. */
  const resident = shallowRef({ name: '', name_en: '' })
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)
  let turn = 0

  async function look(behind: string | null): Promise<void> {
    turn += 1
    const mine = turn
    busy.value = true
    failure.value = null
    try {
      const page = await ask(() => readTrail(asked.value, behind), () => mine === turn)
      if (mine !== turn) return
      entries.value = behind === null ? page.entries : [...entries.value, ...page.entries]
      before.value = page.before
      resident.value = { name: page.resident_name, name_en: page.resident_name_en }
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  const search = () => look(null)
  const more = () => look(before.value)

  /** Everything there is, as far as paper holds it; whether it is all there now. */
  async function everything(): Promise<boolean> {
    while (before.value !== null && !failure.value && entries.value.length < MOST_PRINTED) await more()
    return before.value === null
  }

  function narrow(change: AuditFilter): void {
    void router.replace({ path: route.path, query: queryOf({ ...asked.value, ...change }) })
  }

  const widen = () => void router.replace({ path: route.path, query: {} })

  watch(() => JSON.stringify(asked.value), () => void search(), { immediate: true })
  return { asked, entries, resident, before, failure, busy, away, search, more, everything, narrow, widen }
}
