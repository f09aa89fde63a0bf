/** A paired screen asks for everything it shows, every two seconds, and for the ground of its map once in a while. */
import { onMounted, onUnmounted, ref, shallowRef } from 'vue'

import { ApiError, isAway } from '@/api/http'
import { fetchGround, fetchWall, type Ground, type Wall } from '@/api/walls'
import { layMap } from '@/map/regionmap'
import { useAges } from '@/stores/ages'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { setOffset } from '@/stores/now'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'
import { useStorms } from '@/stores/storms'

const EVERY_MS = 2_000
const GROUND_EVERY_MS = 10 * 60_000
const GROUND_AGAIN_MS = 10_000

const PLAIN: Ground['map'] = { basemap: null, buildings: [], points: [] }

/** `gone`: this browser is no screen any more. */
export function useScreen(gone: () => void) {
  const wall = shallowRef<Wall | null>(null)
  const ground = shallowRef<Ground | null>(null)
  /** By `performance.now()`. */
  const heardAt = ref(performance.now())
  let asking = 0
  let laying = 0
  let left = false
  layMap(PLAIN)

  /** A screen has no beat: it knows only whether it is answered. */
  function hear(now: string, database: boolean, away_since: string | null = null, disk = true): void {
    useConnection().hear({ type: 'beat', now, database, away_since, kept: 0, disk, written: 0, as_of: null })
  }

  function put(shown: Wall): void {
    wall.value = shown
    heardAt.value = performance.now()
    hear(shown.now, !shown.away_since, shown.away_since, shown.disk)
    useSession().siteZone = shown.timezone
    setOffset(Date.parse(shown.now) - Date.now())
    useIncidents().applySnapshot(shown.incidents, true)
    useSeats().silentHomes = shown.silent_homes
    useAges().put(shown.ages)
    useStorms().replace(shown.storms)
  }

  async function ask(): Promise<void> {
    try {
      put(await fetchWall())
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return gone()
      if (error instanceof ApiError && isAway(error)) hear(new Date(Date.now() + useConnection().clockOffset).toISOString(), false)
    }
    if (!left) asking = window.setTimeout(() => void ask(), EVERY_MS)
  }

  async function lay(): Promise<void> {
    const found = await fetchGround().catch(() => null)
    if (left) return
    if (found && wall.value) {
      layMap(found.map)
      ground.value = found
    }
    laying = window.setTimeout(() => void lay(), ground.value ? GROUND_EVERY_MS : GROUND_AGAIN_MS)
  }

  onMounted(async () => {
    await ask()
    if (!left) await lay()
  })
  onUnmounted(() => {
    left = true
    clearTimeout(asking)
    clearTimeout(laying)
  })
  return { wall, ground, heardAt }
}
