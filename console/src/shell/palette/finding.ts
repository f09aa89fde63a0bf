/** What the words of the palette lead to: pages, incidents, people, devices, each asked where this user may look. */
import { computed, ref, shallowReactive, watch } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'

import { lookUp } from '@/api/http'
import { fetchProfile } from '@/api/profile'
import type { Device, Devices, ResidentLine, Residents } from '@/api/records'
import type { components } from '@/api/schema.gen'
import type { IncidentView } from '@/api/wire'
import { usePages } from '@/shell/pages'
import { useSession, type Action } from '@/stores/session'
import { usePatience } from '@/stores/patience'
import { collect } from '@/words'
import { useWording } from '@/words/wording'

type HistoryPage = components['schemas']['HistoryPage']

/** Lines of each group: what does not fit is found on its page. */
const EACH = 6
const TYPING_PAUSE_MS = 120

export type Group = 'pages' | 'incidents' | 'residents' | 'devices'
export const GROUPS: readonly Group[] = ['pages', 'residents', 'incidents', 'devices']

export interface Line {
  key: string
  group: Group
  title: string
  detail: string
  /** Where it leads; asked for when it is chosen. */
  to: () => RouteLocationRaw | Promise<RouteLocationRaw | null>
}

interface Source {
  group: Group
  action: Action
  find(words: string): Promise<Line[]>
}

const both = [collect('zh-CN'), collect('en')]

/** The names of a page in both languages: whoever sits at an English screen may know the Chinese one. */
function namesOf(nav: string): string {
  const [area = '', key = ''] = nav.split('.')
  return both.map((areas) => areas[area]?.[key] ?? '').join(' ').toLowerCase()
}

export function usePalette() {
  const session = useSession()
  const router = useRouter()
  const pages = usePages()
  const { t, code, who, shortPlace, personName, ageAndSex, inEnglish, clock, day } = useWording()
  const words = ref('')
  const found = shallowReactive(new Map<Group, Line[]>())
  const asking = ref(0)

  const incidentLine = (each: IncidentView): Line => ({
    key: `incidents:${each.id}`,
    group: 'incidents',
    title: `${each.number} ${who(each)}`,
    detail: [code('kind', each.kind), code('state', each.state), `${day(each.opened_at)} ${clock(each.opened_at, false)}`, each.card.people?.length ? shortPlace(each.card) : each.identifier].filter(Boolean).join(' · '),
    to: () => ({ path: pages.value.find((page) => page.meta.queue)?.path ?? '/', query: { incident: each.id } }),
  })

  const residentLine = (each: ResidentLine): Line => ({
    key: `residents:${each.id}`,
    group: 'residents',
    title: personName(each),
    detail: [ageAndSex(each), inEnglish(each.address, each.address_en)].filter(Boolean).join(' · '),
    to: () => ({ name: 'residents', query: { resident: each.id } }),
  })

  const deviceLine = (each: Device): Line => {
    const [held] = each.assignments
    return {
      key: `devices:${each.id}`,
      group: 'devices',
      title: `${code('device', each.kind)} ${each.identifier}`,
      detail: held ? [inEnglish(held.resident_name ?? '', held.resident_name_latin), held.address].filter(Boolean).join(' · ') : t('palette.in_stock'),
      to: async () => {
        const resident = held && (held.resident_id ?? (await fetchProfile(held.home_id)).residents[0]?.id)
        return resident ? { name: 'residents', query: { resident } } : null
      },
    }
  }

  const sources: readonly Source[] = [
    { group: 'incidents', action: 'see_incidents', find: async (q) => (await lookUp<HistoryPage>('/history', { q, limit: EACH })).items.map(incidentLine) },
    { group: 'residents', action: 'see_profiles', find: async (q) => (await lookUp<Residents>('/residents', { q, limit: EACH })).items.map(residentLine) },
    { group: 'devices', action: 'see_profiles', find: async (q) => (await lookUp<Devices>('/devices', { q, limit: EACH })).items.map(deviceLine) },
  ]
  const asked = sources.filter(({ action }) => session.may(action)).map((source) => ({ ...source, patience: usePatience() }))
  const away = computed(() => asked.some(({ patience }) => patience.away.value))

  function pageLines(typed: string): Line[] {
    return pages.value
      .filter(({ meta }) => namesOf(meta.nav!).includes(typed.toLowerCase()))
      .map(({ path, meta }) => ({ key: `pages:${path}`, group: 'pages', title: t(meta.nav!), detail: '', to: () => path }))
  }

  async function look(typed: string): Promise<void> {
    const current = () => typed === words.value.trim()
    await Promise.all(asked.map(async ({ group, find, patience }) => {
      asking.value += 1
      try {
        const lines = await patience.ask(() => find(typed), current)
        if (current()) found.set(group, lines)
      } catch {
        if (current()) found.delete(group) // the line under the words says when the records are away; a refusal finds nothing
      } finally {
        asking.value -= 1
      }
    }))
  }

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(words, (text) => {
    const typed = text.trim()
    clearTimeout(pause)
    if (typed) pause = setTimeout(() => void look(typed), TYPING_PAUSE_MS)
    else found.clear()
  })

  const lines = computed(() => GROUPS.flatMap((group) => (group === 'pages' ? pageLines(words.value.trim()) : (found.get(group) ?? []))))

  /** Goes there; whether somewhere was gone to. */
  async function choose(line: Line): Promise<boolean> {
    const to = await line.to()
    if (to === null) return false
    await router.push(to)
    return true
  }

  return { words, lines, asking, away, choose, stop: () => clearTimeout(pause) }
}
