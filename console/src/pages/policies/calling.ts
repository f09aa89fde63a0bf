/** The policy that is being edited. It outlives the page: whoever leaves for an alarm is asked nothing and finds it again. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { get, patch } from '@/api/http'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'

import { changesOf, draftOf, type Calling, type Draft } from './times'

export const useCalling = defineStore('calling', () => {
  const regionId = ref<number | null>(null)
  const view = shallowRef<Calling | null>(null)
  const draft = ref<Draft | null>(null)
  const failure = shallowRef<unknown>(null)
  const saved = ref(false)
  const busy = ref(false)
  const patience = usePatience()

  const changes = computed(() => (view.value && draft.value ? changesOf(view.value, draft.value) : {}))
  const dirty = computed(() => Object.keys(changes.value).length > 0)

  async function open(id: number): Promise<void> {
    regionId.value = id
    take(null)
    try {
      const found = await patience.ask(() => get<Calling>(`/regions/${id}/escalation`), () => regionId.value === id)
      if (regionId.value === id) take(found)
    } catch (error) {
      if (regionId.value === id) failure.value = error
    }
  }

  async function save(): Promise<boolean> {
    if (!view.value || busy.value) return false
    busy.value = true
    failure.value = null
    try {
      take(await patch<Calling>(`/regions/${view.value.region_id}/escalation`, { state: view.value.state, ...changes.value }))
      saved.value = true
    } catch (error) {
      failure.value = error
    } finally {
      busy.value = false
    }
    return failure.value === null
  }

  function take(found: Calling | null): void {
    view.value = found
    draft.value = found && draftOf(found)
    failure.value = null
    saved.value = false
  }

  whenDropped(() => {
    regionId.value = null
    take(null)
  })

  return { regionId, view, draft, failure, saved, busy, dirty, away: patience.away, open, save }
})
