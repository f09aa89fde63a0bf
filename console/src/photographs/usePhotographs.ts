/** The photographs of a place, fetched when it is chosen and again after each change. */
import { ref, shallowRef, watch } from 'vue'

import { fetchPhotographs, type Photograph, type Place } from '@/api/photographs'
import { usePatience } from '@/stores/patience'

export function usePhotographs(place: () => Place | null) {
  const patience = usePatience()
  const photographs = shallowRef<readonly Photograph[]>([])
  const failed = ref(false)
  const key = () => (place() ? `${place()!.kind}${place()!.id}` : '')

  async function load(): Promise<void> {
    const [wanted, mine] = [place(), key()]
    failed.value = false
    if (!wanted) return
    try {
      const found = await patience.ask(() => fetchPhotographs(wanted), () => mine === key())
      if (mine === key()) photographs.value = found
    } catch {
      if (mine === key()) failed.value = true
    }
  }

  watch(key, () => {
    photographs.value = []
    void load()
  }, { immediate: true })

  return { photographs, failed, away: patience.away, load }
}
