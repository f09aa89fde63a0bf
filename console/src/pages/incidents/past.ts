/** Incidents found again: what is asked for, what was found so far, and whether there is more behind it. */
import { ref, shallowRef } from 'vue'
import type { LocationQuery } from 'vue-router'

import { lookUp } from '@/api/http'
import type { components } from '@/api/schema.gen'
import type { IncidentView } from '@/api/wire'
import { useSeats } from '@/stores/seats'
import { usePatience } from '@/stores/patience'

type HistoryPage = components['schemas']['HistoryPage']

export interface Asked {
  q: string
  state: '' | 'open' | 'closed'
  kind: string
  outcome: string
  wanted: string
  /** Days at the site, both included. */
  since: string
  until: string
}

export const NOTHING_ASKED: Asked = { q: '', state: '', kind: '', outcome: '', wanted: '', since: '', until: '' }

/** What stands in the address of the page. Words do not: they are names of people, and a browser keeps where it was. */
const IN_ADDRESS = ['state', 'kind', 'outcome', 'wanted', 'since', 'until'] as const

export function askedIn(query: LocationQuery): Asked {
  const said = IN_ADDRESS.flatMap((name) => (typeof query[name] === 'string' ? [[name, query[name]]] : []))
  return { ...NOTHING_ASKED, ...(Object.fromEntries(said) as Partial<Asked>) }
}

export function addressOf(asked: Asked): Record<string, string> {
  return Object.fromEntries(IN_ADDRESS.filter((name) => asked[name]).map((name) => [name, asked[name]]))
}

export function usePast(first: Asked) {
  const { away, ask } = usePatience()
  const asked = ref<Asked>(first)
  const found = shallowRef<readonly IncidentView[]>([])
  /** Where the search goes on; null: it has looked at everything. */
  const next = ref<string | null>(null)
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)
  let turn = 0

  async function look(after: string | null): Promise<void> {
    turn += 1
    const mine = turn
    busy.value = true
    failure.value = null
    try {
      const page = await ask(() => lookUp<HistoryPage>('/history', { ...asked.value, q: asked.value.q.trim(), after }), () => mine === turn)
      if (mine !== turn) return
      found.value = after === null ? page.items : [...found.value, ...page.items]
      next.value = page.next
      useSeats().learn(page.operators)
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  const search = () => look(null)
  const more = () => look(next.value)

  return { asked, found, next, failure, busy, away, search, more }
}
