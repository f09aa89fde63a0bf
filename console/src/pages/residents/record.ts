/** One resident with the home, as a form: what was read, what was changed, what is sent. */
import { computed, ref, shallowRef, watch } from 'vue'

import { get, patch, post, put } from '@/api/http'
import type { Home, Identity, Problem, Resident } from '@/api/records'
import { blank, changesOf, draftOf, isChanged, type Draft } from '@/domain/form'
import { usePatience } from '@/stores/patience'
import { problemsOf } from '@/words/records'

import { HOME, RESIDENT } from './fields'

/** `residentId`: null is a new one. */
export function useRecord(residentId: () => number | null) {
  const patience = usePatience()
  const resident = ref<Resident | null>(null)
  const home = ref<Home | null>(null)
  const draft = ref<Draft>(blank(RESIDENT))
  const before = ref<Draft>(blank(RESIDENT))
  const homeDraft = ref<Draft>(blank(HOME))
  const homeBefore = ref<Draft>(blank(HOME))
  const problems = ref<Problem[]>([])
  const homeProblems = ref<Problem[]>([])
  const failure = shallowRef<unknown>(null)
  const saved = ref(false)
  const busy = ref(false)
  /** Shown on request only, and every look is audited. */
  const identity = ref('')
  const photoTurn = ref(0)

  const changed = computed(() => isChanged(RESIDENT, before.value, draft.value))
  const homeChanged = computed(() => isChanged(HOME, homeBefore.value, homeDraft.value))
  const moved = computed(() => (resident.value && home.value ? home.value.id !== resident.value.home_id : false))
  const dirty = computed(() => changed.value || homeChanged.value || moved.value)

  function show(record: Resident): void {
    resident.value = record
    before.value = draftOf(RESIDENT, record)
    draft.value = draftOf(RESIDENT, record)
  }

  function showHome(record: Home | null): void {
    home.value = record
    homeBefore.value = record ? draftOf(HOME, record) : blank(HOME)
    homeDraft.value = { ...homeBefore.value }
  }

  function clear(): void {
    failure.value = null
    identity.value = ''
    problems.value = homeProblems.value = []
    saved.value = false
    resident.value = null
    before.value = blank(RESIDENT)
    draft.value = blank(RESIDENT)
    showHome(null)
  }

  async function read(id: number): Promise<[Resident, Home]> {
    const record = await get<Resident>(`/residents/${id}`)
    return [record, await get<Home>(`/homes/${record.home_id}`)]
  }

  async function load(id: number | null): Promise<void> {
    clear()
    if (id === null) return
    const wanted = () => id === residentId()
    try {
      const [record, itsHome] = await patience.ask(() => read(id), wanted)
      if (!wanted()) return
      show(record)
      showHome(itsHome)
    } catch (error) {
      if (wanted()) failure.value = error
    }
  }

  /** After the past was corrected; a form that was changed keeps what was written. */
  async function refresh(): Promise<void> {
    const id = resident.value?.id
    if (id === undefined || dirty.value) return
    const [known, itsHome] = await read(id)
    if (id !== residentId() || dirty.value) return
    show(known)
    showHome(itsHome)
  }

  async function saveHome(): Promise<void> {
    if (!home.value || !homeChanged.value) return
    try {
      const body = { ...changesOf(HOME, homeBefore.value, homeDraft.value), version: home.value.version }
      showHome(await patch<Home>(`/homes/${home.value.id}`, body))
    } catch (error) {
      homeProblems.value = problemsOf(error)
      throw error
    }
  }

  async function saveResident(): Promise<Resident> {
    const changes = changesOf(RESIDENT, resident.value ? before.value : blank(RESIDENT), draft.value)
    if (!resident.value) return post<Resident>('/residents', { ...changes, name: draft.value.name, home_id: home.value?.id })
    const place = moved.value ? { home_id: home.value!.id } : {}
    if (!changed.value && !moved.value) return resident.value
    return patch<Resident>(`/residents/${resident.value.id}`, { ...changes, ...place, version: resident.value.version })
  }

  /** The record as saved; null where there was nothing to do or it was refused. */
  async function save(): Promise<Resident | null> {
    if (busy.value || !home.value) return null
    busy.value = true
    failure.value = null
    saved.value = false
    problems.value = homeProblems.value = []
    try {
      await saveHome()
      const record = await saveResident()
      show(record)
      saved.value = true
      return record
    } catch (error) {
      if (!homeProblems.value.length) problems.value = problemsOf(error)
      failure.value = error
      return null
    } finally {
      busy.value = false
    }
  }

  async function showIdentity(): Promise<void> {
    if (!resident.value) return
    const answer = await get<Identity>(`/residents/${resident.value.id}/identity`).catch(() => null)
    identity.value = answer?.identity_number ?? ''
  }

  async function setPhoto(file: File): Promise<void> {
    if (!resident.value) return
    const form = new FormData()
    form.append('file', file)
    try {
      await put(`/residents/${resident.value.id}/photo`, form)
      show(await get<Resident>(`/residents/${resident.value.id}`))
      photoTurn.value += 1
    } catch (error) {
      failure.value = error
    }
  }

  watch(residentId, load, { immediate: true })
  watch(dirty, (now) => now && (saved.value = false))

  return {
    resident, home, draft, homeDraft, problems, homeProblems, failure, saved, busy, identity, photoTurn, dirty, away: patience.away,
    refresh, showHome, save, showIdentity, setPhoto,
  }
}
