/** The operator's desk: which incident lies open, its profile, and the commands that are on their way. */
import { defineStore } from 'pinia'
import { computed, nextTick, reactive, ref, shallowRef, watch } from 'vue'

import { ApiError, get, WAITS_FOR_DATABASE } from '@/api/http'
import type { HomeDot } from '@/api/places'
import { take } from '@/api/incidents'
import { fetchProfile, type Profile } from '@/api/profile'
import type { IncidentView } from '@/api/wire'
import { ringKey } from '@/domain/incident'
import { UNTOLD, type Service } from '@/domain/services'
import { useConnection } from '@/stores/connection'
import { useDuty } from '@/stores/duty'
import { whenDropped } from '@/stores/holding'
import { useIncidents } from '@/stores/incidents'
import { usePatience } from '@/stores/patience'
import { useSession } from '@/stores/session'
import { useWish } from '@/stores/wish'
import { giveBack } from '@/ui/dialog'

export const useDesk = defineStore('desk', () => {
  const incidents = useIncidents()
  const duty = useDuty()
  const session = useSession()
  const wishes = useWish()
  const connection = useConnection()

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
  /** What the server cannot do from memory waits: who somebody is, texts, plans. */
  const waits = computed(() => !connection.database)
  /** Notes that are being written, by incident: a session that ends takes none of them along. */
  const drafts = reactive(new Map<string, string>())

  function open(id: string): void {
    incidents.merged = null
    if (selectedId.value === id) return
    if (selectedId.value) incidents.unwatch(selectedId.value)
    selectedId.value = id
    error.value = null
    void incidents.watch(id).catch((reason: unknown) => {
      if (selectedId.value !== id) return
      // What is over is not in the server's memory: that says nothing of whether there is such an incident.
      if (waits.value && !incident.value) sayWaits()
      else error.value = reason
      if (!incident.value) leave()
    })
  }

  function shut(): void {
    if (!selectedId.value) return
    if (incident.value) putAside.add(ringKey(incident.value))
    error.value = null
    leave()
  }

  function leave(): void {
    if (selectedId.value) incidents.unwatch(selectedId.value)
    selectedId.value = null
  }
  // It is no longer for these eyes, and the desk is free again.
  watch(incident, (now, before) => !now && before?.id === selectedId.value && leave())
  // Part of another one: the note that was being written goes along.
  watch(() => incidents.merged, (merged) => {
    const note = merged && drafts.get(merged.gone.id)
    if (note && !drafts.get(merged.into)) drafts.set(merged.into, note)
  }, { flush: 'sync' })

  const nextWaiting = computed(
    () => incidents.ringing.find((each) => each.id !== selectedId.value) ?? null,
  )

  watch(
    () => incident.value?.home_id ?? null,
    (homeId) => void loadProfile(homeId),
  )

  /** What an empty desk shows: whomever I have taken, before a stranger. */
  const first = computed(() => {
    const taken = incidents.mine.filter((each) => each.state === 'taken' && each.signal_class === 'alarm')
    return [...taken, ...(nextWaiting.value ? [nextWaiting.value] : [])].find((each) => !putAside.has(ringKey(each))) ?? null
  })

  // An empty desk shows a new alarm at once; a desk in use is never touched, and the focus never moves.
  watch([first, selectedId, () => incidents.arriving, () => incidents.merged], () => {
    if (!selectedId.value && !incidents.merged && !wishes.wish && !incidents.arriving && session.may('work_incidents') && first.value) open(first.value.id)
  }, { immediate: true })

  watch(() => wishes.wish, () => {
    const wish = wishes.grant()
    if (!wish) return
    open(wish.id)
    if (wish.take) void run(take(wish.id))
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

  /** Null until the server has told of the open incident. */
  const help = computed(() => (selectedId.value ? (incidents.details.get(selectedId.value) ?? null) : null))
  /** All services; the one that this alarm needs first leads. */
  const services = computed<readonly Service[]>(() => (help.value?.services.length ? help.value.services : UNTOLD))

  /** Whom one can telephone, from the memory of the server, until the profile is there; null where nobody is known. */
  const memory = computed(() => {
    const known = profile.value ? null : (help.value?.from_memory ?? null)
    return known?.numbers.length ? known : null
  })
  /** What was read before the database went away says nothing of memory. */
  const unasked = computed(() => (waits.value && incident.value?.home_id && !profile.value && help.value && !help.value.from_memory ? selectedId.value : null))
  watch(unasked, (id) => id && incidents.refetchLater(id))

  const reloadProfile = () => loadProfile(incident.value?.home_id ?? null)
  watch(waits, (now) => !now && profileState.value === 'failed' && void reloadProfile())

  async function loadDots(): Promise<void> {
    dots.value = await dotsPatience.ask(() => get<HomeDot[]>('/homes/dots')).catch(() => dots.value)
  }

  /** Says why nothing comes of a key. */
  function sayWaits(): void {
    error.value = new ApiError(503, WAITS_FOR_DATABASE, 'the database does not answer')
  }

  /** Runs a command; true when it was carried out. A refusal is shown, and the incident read anew. */
  async function run(command: Promise<IncidentView>): Promise<boolean> {
    const focused = document.activeElement as HTMLElement | null
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
      // A button that is shut while the answer is awaited has lost the focus; a field is never shut: who is gone from it has left it.
      if (focused && focused !== document.body && !focused.matches('input, textarea, select')) void nextTick(() => giveBack(focused))
    }
  }

  whenDropped(() => {
    selectedId.value = error.value = null
    busy.value = false
    dots.value = []
    putAside.clear()
    drafts.clear()
    void loadProfile(null)
  })

  return {
    selectedId, incident, mine, profile, profileState, profileAway: patience.away, busy, error, dots, drafts, help, memory, services, nextWaiting, waits,
    open, shut, sayWaits, reloadProfile, loadDots, run,
  }
})
