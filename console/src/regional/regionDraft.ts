/**
 * What a region says, while it is being edited: as the server has it, and as it is to be. A store that is made of it outlives its
 * page: whoever leaves for an alarm is asked nothing and finds it again.
 */
import { computed, ref, shallowRef, type Ref } from 'vue'

import { get, patch } from '@/api/http'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'

export interface Rules<View, Draft> {
  address(region: number): string
  draftOf(view: View): Draft
  /** Only what differs; nothing differs: an empty object. */
  changesOf(view: View, draft: Draft): object
}

export function regionDraft<View extends { region_id: number; state: string }, Draft>(rules: Rules<View, Draft>) {
  const regionId = ref<number | null>(null)
  const view = shallowRef<View | null>(null)
  const draft = ref(null) as Ref<Draft | null>
  const failure = shallowRef<unknown>(null)
  const saved = ref(false)
  const busy = ref(false)
  const patience = usePatience()

  const changes = computed(() => (view.value && draft.value ? rules.changesOf(view.value, draft.value) : {}))
  const dirty = computed(() => Object.keys(changes.value).length > 0)

  async function open(id: number): Promise<void> {
    regionId.value = id
    take(null)
    try {
      const found = await patience.ask(() => get<View>(rules.address(id)), () => regionId.value === id)
      if (regionId.value === id) take(found)
    } catch (error) {
      if (regionId.value === id) failure.value = error
    }
  }

  /** Whether it is kept; what was not changed is. */
  async function save(): Promise<boolean> {
    if (!view.value || busy.value) return false
    if (!dirty.value) return true
    busy.value = true
    failure.value = null
    try {
      take(await patch<View>(rules.address(view.value.region_id), { state: view.value.state, ...changes.value }))
      saved.value = true
    } catch (error) {
      failure.value = error
    } finally {
      busy.value = false
    }
    return failure.value === null
  }

  function take(found: View | null): void {
    view.value = found
    draft.value = found && rules.draftOf(found)
    failure.value = null
    saved.value = false
  }

  whenDropped(() => {
    regionId.value = null
    take(null)
  })

  return { regionId, view, draft, failure, saved, busy, dirty, away: patience.away, open, save }
}

/** Of such a store, what an editor around it needs. */
export interface EditedRegion {
  regionId: number | null
  view: { region_id: number; state: string } | null
  failure: unknown
  saved: boolean
  busy: boolean
  dirty: boolean
  away: boolean
  open(id: number): Promise<void>
}
