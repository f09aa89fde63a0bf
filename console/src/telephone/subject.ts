/** The call that a seat looks at: whose it is, their profile before anybody has answered, and their place on the map. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import { fetchProfile, type Profile } from '@/api/profile'
import type { CallShown } from '@/api/telephone'
import { whoIs } from '@/domain/calls'
import { useCalls } from '@/stores/calls'
import { useDuty } from '@/stores/duty'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'
import { useSession } from '@/stores/session'

import { useTelephone } from './telephone'

export const useSubject = defineStore('callSubject', () => {
  const calls = useCalls()
  const duty = useDuty()
  const session = useSession()
  const telephone = useTelephone()
  const patience = usePatience()

  const profile = shallowRef<Profile | null>(null)
  const profileState = ref<'none' | 'loading' | 'ready' | 'failed'>('none')

  /** Whoever is spoken with; else who asks or is listened to; else who would be taken next, where somebody sits who could. */
  const call = computed<CallShown | null>(() => {
    const { own, joined, waiting } = calls.bar
    return own[0] ?? joined[0] ?? (telephone.on && duty.pause === null ? (waiting[0] ?? null) : null)
  })
  const match = computed(() => (call.value ? whoIs(call.value) : null))
  const homeId = computed(() => (session.may('see_profiles') ? (match.value?.home_id ?? null) : null))

  watch(homeId, (id) => void load(id), { immediate: true })

  async function load(id: number | null): Promise<void> {
    profile.value = null
    profileState.value = id === null ? 'none' : 'loading'
    if (id === null) return
    try {
      const answer = await patience.ask(() => fetchProfile(id), () => homeId.value === id)
      if (homeId.value !== id) return
      profile.value = answer
      profileState.value = 'ready'
    } catch {
      if (homeId.value === id) profileState.value = 'failed'
    }
  }

  whenDropped(() => void load(null))
  return { call, match, profile, profileState, profileAway: patience.away }
})
