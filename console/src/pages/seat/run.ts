/** The plan that the open incident runs with: read anew after whatever may have moved it on, and when a wait is over. */
import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'

import { fetchRun, type Run } from '@/api/plans'
import { undoneSteps } from '@/domain/plan'
import { whenDropped } from '@/stores/holding'
import { useIncidents } from '@/stores/incidents'
import { useNow } from '@/stores/now'

import { useDesk } from './desk'

/** Entries that a plan may have moved on with. */
const MOVING: readonly string[] = ['taken', 'plan_step', 'plan_chosen', 'step', 'told', 'assigned', 'joined', 'closed']
/** After a due time, so that the server's clock has passed it as well. */
const GRACE_MS = 500
const AGAIN_MS = 5_000

export const useRun = defineStore('run', () => {
  const desk = useDesk()
  const incidents = useIncidents()
  const now = useNow()

  const run = shallowRef<Run | null>(null)
  const failed = shallowRef<unknown>(null)
  let later: ReturnType<typeof setTimeout> | undefined

  const current = computed(() => run.value?.steps.find((step) => step.id === run.value?.standing.current) ?? null)
  const undone = computed(() => (run.value ? undoneSteps(run.value.steps, run.value.standing) : []))
  const moved = computed(() => {
    const id = desk.selectedId
    return id && desk.incident ? `${id} ${(incidents.timelines.get(id) ?? []).filter(({ kind }) => MOVING.includes(kind)).length}` : null
  })

  async function load(): Promise<void> {
    clearTimeout(later)
    const id = desk.selectedId
    if (!id) return
    try {
      const found = await fetchRun(id)
      if (desk.selectedId !== id) return
      // whatever came, the incident stays on the screen
      if (!Array.isArray(found.steps)) throw new TypeError('no plan')
      run.value = found
      failed.value = null
      if (found.standing.due_at) look(Date.parse(found.standing.due_at) - now.value + GRACE_MS)
    } catch (reason) {
      if (desk.selectedId !== id) return
      failed.value = reason
      look(AGAIN_MS)
    }
  }

  function look(ms: number): void {
    clearTimeout(later)
    later = setTimeout(() => void load(), Math.max(GRACE_MS, ms))
  }

  function forget(): void {
    clearTimeout(later)
    run.value = null
    failed.value = null
  }

  watch(() => desk.selectedId, forget, { flush: 'sync' })
  watch(moved, (now) => now && void load(), { immediate: true })
  whenDropped(forget)
  onScopeDispose(() => clearTimeout(later))

  return { run, failed, current, undone, load }
})
