/** One thing at a time that may fail: whether it is under way, and what went wrong with the last. */
import { ref, shallowRef } from 'vue'

export function useAttempt() {
  const busy = ref(false)
  const failure = shallowRef<unknown>(null)

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    busy.value = true
    failure.value = null
    try {
      await work()
    } catch (error) {
      failure.value = error
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, attempt }
}
