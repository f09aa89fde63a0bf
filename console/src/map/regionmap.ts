/** The map of the community that is to be shown, fetched once a region. */

import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import { ApiError, get } from '@/api/http'
import type { RegionMap } from '@/api/places'
import type { Region } from '@/api/records'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'

import { hasMap } from './dots'
import { forgetMap, keepMap, keptMap } from './kept'

type RegionRow = Pick<Region, 'id' | 'path'>

/** Somebody may draw meanwhile: what was fetched longer ago is asked for again with the next selection. */
const FRESH_MS = 300_000

const maps = new Map<number, { at: number; map: Promise<RegionMap | null> }>()
/** By content: the grids of one community answer with the same map, and the picture must not be drawn anew for that. */
const drawn = new Map<string, RegionMap>()
let tree: Promise<ReadonlyMap<number, readonly number[]>> | null = null
let laid: RegionMap | null = null

/** The map has been drawn at this very console. */
export function forgetMaps(): void {
  maps.clear()
}

whenDropped(() => {
  forgetMaps()
  drawn.clear()
  tree = null
  laid = null
})

/** Null where the region is unknown here or not for these eyes. */
async function getMap(regionId: number): Promise<RegionMap | null> {
  try {
    const map = await get<RegionMap>(`/regions/${regionId}/map`)
    const content = JSON.stringify(map)
    const known = drawn.get(content) ?? map
    drawn.set(content, known)
    if (hasMap(map)) void keepMap(regionId, map)
    return known
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) {
      void forgetMap(regionId)
      return null
    }
    throw error
  }
}

/** For eyes that have no log-in: the one map came with what else they see, and nothing is asked for. */
export function layMap(map: RegionMap): void {
  const content = JSON.stringify(map)
  laid = drawn.get(content) ?? map
  drawn.set(content, laid)
}

function fetchMap(regionId: number): Promise<RegionMap | null> {
  if (laid) return Promise.resolve(laid)
  const known = maps.get(regionId)
  if (known && performance.now() - known.at < FRESH_MS) return known.map
  const fetched = getMap(regionId)
  maps.set(regionId, { at: performance.now(), map: fetched })
  fetched.catch(() => maps.delete(regionId)) // asked again with the next selection
  return fetched
}

/** Ids from the root down to each region. */
export function regionPaths(): Promise<ReadonlyMap<number, readonly number[]>> {
  if (laid) return Promise.resolve(new Map())
  tree ??= get<RegionRow[]>('/regions')
    .then((rows) => new Map(rows.map((row) => [row.id, row.path])))
  tree.catch(() => (tree = null))
  return tree
}

/** The first of `candidates` that has a map; null where none has: then a plain grid is shown. */
export function useRegionMap(candidates: Ref<readonly number[]>) {
  const patience = usePatience()
  const map = shallowRef<RegionMap | null>(null)
  const settled = ref(false)
  /** When the map that is shown was fetched, where it is one that this browser has kept. */
  const keptAt = ref<string | null>(null)
  let turn = 0
  watch(
    () => candidates.value.join(),
    async () => {
      turn += 1
      const mine = turn
      const found = await firstWithMap(candidates.value, (id) => patience.ask(() => fetchMap(id), () => mine === turn))
      if (mine !== turn) return
      map.value = found
      keptAt.value = null
      settled.value = true
    },
    { immediate: true },
  )
  watch([patience.away, () => candidates.value.join()], async ([away]) => {
    if (!away || map.value) return
    const mine = turn
    const kept = await keptMap(candidates.value)
    if (!kept || map.value || mine !== turn || !patience.away.value) return
    map.value = kept.map
    keptAt.value = kept.at
  })
  /** While the office is away there is what this browser has kept, else the plain grid with the position, or the map that stands there already. */
  return { map, keptAt, settled: computed(() => settled.value || patience.away.value) }
}

async function firstWithMap(candidates: readonly number[], ask: (id: number) => Promise<RegionMap | null>): Promise<RegionMap | null> {
  for (const id of candidates) {
    const map = await ask(id).catch(() => null)
    if (hasMap(map)) return map
  }
  return null
}
