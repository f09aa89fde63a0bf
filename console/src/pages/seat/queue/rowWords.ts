/** What a row of the queue says, as a card or in one line. */
import { computed } from 'vue'

import type { IncidentView } from '@/api/wire'
import { isQuietTest } from '@/domain/incident'
import { useSession } from '@/stores/session'
import { useWording } from '@/words/wording'

const WARNINGS_SHOWN = 3

export function useRowWords(incident: () => IncidentView) {
  const { t, code, clock, marks, people, operator, shortPlace, hazards } = useWording()
  const session = useSession()

  const everyone = computed(() => people(incident().card))
  const shown = computed(() => (everyone.value[0]?.pressed ? everyone.value.slice(0, 1) : everyone.value.slice(0, 2)))
  const quiet = computed(() => incident().signal_class !== 'alarm' || isQuietTest(incident()))
  const urgent = computed(() => !quiet.value && incident().state === 'waiting')
  const offered = computed(() => incident().offered_to !== null && incident().offered_to === session.userId)
  const taker = computed(() => {
    const { taken_by, taken_by_name } = incident()
    if (taken_by === null) return taken_by_name ? t('seat.queue.taken_by_phone', { name: taken_by_name }) : ''
    if (taken_by === session.userId) return t('seat.queue.taken_by_me')
    return t('seat.queue.taken_by', { name: operator(taken_by, taken_by_name) })
  })
  const again = computed(() => {
    const { state, follow_due_at } = incident()
    return state === 'following' && follow_due_at ? t('seat.queue.call_again_at', { time: clock(follow_due_at, false) }) : ''
  })
  const where = computed(() => {
    const { card, identifier } = incident()
    return shown.value.length || card.address ? shortPlace(card) : (identifier ?? t('seat.unknown_address'))
  })
  /** Of a request: by when to call back, what is wanted, and what it has been marked with since. */
  const request = computed(() => {
    const { call_back_by, state, wanted } = incident()
    if (incident().signal_class !== 'service') return []
    const due = state === 'waiting' && call_back_by ? t('seat.request.call_back_by', { time: clock(call_back_by, false) }) : ''
    return [due, code('request.wanted', wanted), again.value, ...(state === 'waiting' ? [] : marks(incident()))].filter(Boolean)
  })
  const warnings = computed(() => {
    const [first] = shown.value
    if (!first) return []
    const risk = first.risk === 'high' ? [t('seat.risk.high')] : []
    const status = first.status === 'home' ? [] : [code('status', first.status)]
    return [...status, ...risk, ...hazards(first)].slice(0, WARNINGS_SHOWN)
  })

  return { shown, quiet, urgent, offered, taker, again, where, warnings, request }
}
