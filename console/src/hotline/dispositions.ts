/** What a call may have been about: read once, in groups, each leaf with its key. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

import { fetchDispositions, type Disposition } from '@/api/hotline'
import { whenDropped } from '@/stores/holding'

export interface Group {
  code: string
  head: Disposition | null
  leaves: Disposition[]
}

/** Groups in their order; a leaf that stands alone is in the last. What is no longer offered is left out. */
export function groupsOf(all: readonly Disposition[]): Group[] {
  const heads = new Set(all.flatMap((each) => (each.parent ? [each.parent] : [])))
  const leaves = all.filter((each) => each.is_offered && !heads.has(each.code) && each.code !== 'missed')
  const groups = all.filter((each) => heads.has(each.code) && each.is_offered).map((head): Group => ({ code: head.code, head, leaves: leaves.filter((each) => each.parent === head.code) }))
  const held = new Set(groups.flatMap((group) => group.leaves))
  const alone = leaves.filter((each) => !held.has(each))
  return [...groups, { code: '', head: null, leaves: alone }].filter((group) => group.leaves.length)
}

export const useDispositions = defineStore('dispositions', () => {
  const all = shallowRef<Disposition[]>([])
  const groups = computed(() => groupsOf(all.value))
  const byCode = computed(() => new Map(all.value.map((each) => [each.code, each])))
  const byKey = computed(() => new Map(groups.value.flatMap((group) => group.leaves).flatMap((each) => (each.key ? [[each.key, each] as const] : []))))

  /** What stands stays where nobody answers. */
  async function load(): Promise<void> {
    all.value = await fetchDispositions()
  }

  whenDropped(() => (all.value = []))

  return { all, groups, byCode, byKey, load }
})
