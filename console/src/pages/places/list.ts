/** A long list that is read on page by page; the newest question is the one that is answered. */
import { ref, shallowRef } from 'vue'

import { usePatience } from '@/stores/patience'

interface Part<Item> {
  items: Item[]
  total: number
  after: string | null
}

/** `ask`: the page behind the place that it is given. */
export function useLongList<Item>(ask: (after: string | null) => Promise<Part<Item>>) {
  const patience = usePatience()
  const items = shallowRef<readonly Item[]>([])
  const total = ref(0)
  const asking = ref(false)
  const failure = shallowRef<unknown>(null)
  let after: string | null = null
  let turn = 0

  async function read(from: string | null): Promise<void> {
    turn += 1
    const mine = turn
    asking.value = true
    try {
      const found = await patience.ask(() => ask(from), () => mine === turn)
      if (mine !== turn) return
      items.value = from === null ? found.items : [...items.value, ...found.items]
      total.value = found.total
      after = found.after
      failure.value = null
    } catch (error) {
      if (mine === turn) failure.value = error
    } finally {
      if (mine === turn) asking.value = false
    }
  }

  const load = () => read(null)
  const more = () => (after === null || asking.value ? Promise.resolve() : read(after))
  return { items, total, asking, failure, away: patience.away, load, more }
}
