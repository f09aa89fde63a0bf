/** The chain is checked part by part, so that it can be watched and stopped. */
import { ref, shallowRef } from 'vue'

import { checkChain, type Chain } from '@/api/audit'
import { usePatience } from '@/stores/patience'

export function useChainCheck() {
  const { away, ask } = usePatience()
  /** The last part that was looked at, which says what came of all of them. */
  const last = shallowRef<Chain | null>(null)
  const first = ref(1)
  const running = ref(false)
  const failure = shallowRef<unknown>(null)
  let stopped = false

  async function run(from: number, until: number | null): Promise<void> {
    running.value = true
    stopped = false
    failure.value = null
    last.value = null
    first.value = from
    try {
      for (let next = from; ; next = last.value.last + 1) {
        last.value = await ask(() => checkChain(next, until), () => !stopped)
        if (stopped || last.value.broken || last.value.last >= Math.min(until ?? Infinity, last.value.head_number)) break
      }
    } catch (error) {
      failure.value = error
    } finally {
      running.value = false
    }
  }

  const stop = () => (stopped = true)
  return { last, first, running, failure, away, run, stop }
}
