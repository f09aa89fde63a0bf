/** The operator's desk: which incident lies open, its profile, and the commands that are on their way. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import { ApiError, get } from '@/api/http'
import type { HomeDot } from '@/api/places'
import { fetchProfile, type Profile } from '@/api/profile'
import type { IncidentView } from '@/api/wire'
import { ringKey } from '@/domain/incident'
import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'
import { usePatience } from '@/stores/patience'
import { useSession } from '@/stores/session'

export const useDesk = defineStore('desk', () => {
  const incidents = useIncidents()
  const duty = useDuty()
  const session = useSession()

  const selectedId = ref<string | null>(null)
  /** What was last reported about this incident, even if it has left the board. */
  const incident = computed<IncidentView | null>(() => (selectedId.value ? (incidents.byId.get(selectedId.value) ?? null) : null))
  const mine = computed(() => incident.value !== null && incident.value.taken_by === session.userId && incident.value.state !== 'closed')

  const profile = shallowRef<Profile | null>(null)
  const profileState = ref<'none' | 'loading' | 'ready' | 'failed'>('none')
  /** The office is away: the profile comes by itself; until then there is the card. */
  const patience = usePatience()
  const dotsPatience = usePatience()
  const busy = ref(false)
  const error = shallowRef<unknown>(null)
  const dots = shallowRef<HomeDot[]>([])
  const putAside = new Set<string>()

  function open(id: string): void {
    if (selectedId.value === id) return
    if (selectedId.value) incidents.unwatch(selectedId.value)
    selectedId.value = id
    error.value = null
    void incidents.watch(id).catch((reason: unknown) => (error.value = reason))
  }

  function shut(): void {
    if (!selectedId.value) return
    if (incident.value) putAside.add(ringKey(incident.value))
    incidents.unwatch(selectedId.value)
    selectedId.value = null
    error.value = null
  }

  const nextWaiting = computed(
    () => incidents.ringing.find((each) => each.id !== selectedId.value) ?? null,
  )

  watch(
    () => incident.value?.home_id ?? null,
    (homeId) => void loadProfile(homeId),
  )

  // An empty desk shows a new alarm at once; a desk in use is never touched, and the focus never moves.
  watch([nextWaiting, selectedId], () => {
    const next = nextWaiting.value
    if (!selectedId.value && session.may('work_incidents') && next && !putAside.has(ringKey(next))) open(next.id)
  }, { immediate: true })

  async function loadProfile(homeId: number | null): Promise<void> {
    profile.value = null
    profileState.value = homeId === null ? 'none' : 'loading'
    if (homeId === null) return
    try {
      const answer = await patience.ask(() => fetchProfile(homeId), () => incident.value?.home_id === homeId)
      if (incident.value?.home_id !== homeId) return
      profile.value = answer
      profileState.value = 'ready'
    } catch {
      if (incident.value?.home_id === homeId) profileState.value = 'failed'
    }
  }

  const reloadProfile = () => loadProfile(incident.value?.home_id ?? null)

  async function loadDots(): Promise<void> {
    dots.value = await dotsPatience.ask(() => get<HomeDot[]>('/homes/dots')).catch(() => dots.value)
  }

  /** Runs a command; true when it was carried out. A refusal is shown, and the incident read anew. */
  async function run(command: Promise<IncidentView>): Promise<boolean> {
    busy.value = true
    error.value = null
    try {
      const answer = await command
      duty.notice(answer)
      incidents.applyUpserts([answer], [])
      return true
    } catch (reason) {
      error.value = reason
      if (reason instanceof ApiError && reason.status === 409 && selectedId.value) incidents.refetchLater(selectedId.value)
      return false
    } finally {
      busy.value = false
    }
  }

  return {
    selectedId, incident, mine, profile, profileState, profileAway: patience.away, busy, error, dots, nextWaiting,
    open, shut, reloadProfile, loadDots, run,
  }
})
