/** The recordings of a call or of an incident, fetched when it is chosen and again when `again` changes. */
import { ref, shallowRef, watch } from 'vue'

import { ApiError } from '@/api/http'
import { fetchRecordings, type Recording, type RecordingsOf } from '@/api/recordings'
import { usePatience } from '@/stores/patience'

export function useRecordings(of: () => RecordingsOf, again: () => unknown = () => 0) {
  const patience = usePatience()
  const recordings = shallowRef<readonly Recording[]>([])
  const failed = ref(false)
  const key = () => JSON.stringify(of())

  async function load(): Promise<void> {
    const mine = key()
    failed.value = false
    try {
      const found = await patience.ask(() => fetchRecordings(of()), () => mine === key())
      if (mine === key()) recordings.value = found
    } catch (error) {
      if (mine !== key()) return
      // Of an incident that is helped with from elsewhere, or is not written yet, there is nothing to be heard here.
      if (error instanceof ApiError && error.status === 404) recordings.value = []
      else failed.value = true
    }
  }

  watch(key, () => {
    recordings.value = []
    void load()
  }, { immediate: true })
  watch(again, () => void load())

  return { recordings, failed, away: patience.away, load }
}
