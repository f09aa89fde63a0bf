/** The sheet of one region as the server has it, and whatever is done to it. */
import { computed, onMounted, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { fetchSheet, goBack, type Sheet } from '@/api/drawing'
import { get } from '@/api/http'
import type { HomeDot, RegionMap } from '@/api/places'
import type { Region } from '@/api/records'
import { forgetMaps } from '@/map/regionmap'
import { usePatience } from '@/stores/patience'
import { useSession } from '@/stores/session'

const ROLES = ['administrator', 'community_worker']
/** What is drawn belongs to a community, or to a grid of one. */
const LEVELS = ['community', 'grid', 'street', 'district']

export function useSheet() {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const patience = usePatience()
  const regions = shallowRef<readonly Region[]>([])
  const regionId = ref<number | null>(null)
  const sheet = shallowRef<Sheet | null>(null)
  const map = shallowRef<RegionMap | null>(null)
  const dots = shallowRef<readonly HomeDot[]>([])
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)

  const granted = computed(() => session.me?.grants.filter(({ role }) => ROLES.includes(role)).map(({ region_id }) => region_id) ?? [])
  const offered = computed(() =>
    regions.value
      .filter((each) => each.path.some((id) => granted.value.includes(id)))
      .sort((a, b) => rank(a) - rank(b)),
  )

  function rank({ level }: Region): number {
    const at = LEVELS.indexOf(level)
    return at < 0 ? LEVELS.length : at
  }

  async function read(): Promise<void> {
    const id = regionId.value
    if (id === null) return
    const [found, ground, homes] = await patience.ask(() =>
      Promise.all([fetchSheet(id), get<RegionMap>(`/regions/${id}/map`), get<HomeDot[]>('/homes/dots', { region_id: id })]),
    )
    if (id !== regionId.value) return
    sheet.value = found
    map.value = ground
    dots.value = homes
  }

  /** True when it was done; the sheet is read again in any case. A refusal is shown. */
  async function run(work: (region: number) => Promise<unknown>): Promise<boolean> {
    if (busy.value || regionId.value === null) return false
    busy.value = true
    failure.value = null
    try {
      await work(regionId.value)
      forgetMaps()
      return true
    } catch (error) {
      failure.value = error
      return false
    } finally {
      await read().catch((error: unknown) => (failure.value ??= error))
      busy.value = false
    }
  }

  const back = (way: 'undo' | 'redo') => run((region) => goBack(region, way, sheet.value![way]!.id))

  watch(regionId, (id) => {
    sheet.value = map.value = null
    void router.replace({ query: { ...route.query, region: String(id) } })
    void run(async () => undefined)
  })
  onMounted(async () => {
    try {
      regions.value = await patience.ask(() => get<Region[]>('/regions'))
      const asked = offered.value.find((each) => String(each.id) === route.query.region)
      regionId.value = (asked ?? offered.value[0])?.id ?? null
    } catch (error) {
      failure.value = error
    }
  })

  return { offered, regionId, sheet, map, dots, failure, busy, away: patience.away, run, back }
}
