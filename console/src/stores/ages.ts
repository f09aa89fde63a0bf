/** When an alarm is late, as the server says of each region. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

import type { AgesView, IncidentView } from '@/api/wire'
import { ageOf, UNTOLD } from '@/domain/ageing'

import { whenDropped } from './holding'
import { useNow } from './now'

export const useAges = defineStore('ages', () => {
  const ages = shallowRef<AgesView>(UNTOLD)
  const now = useNow()

  /** At this moment, ticking. */
  const of = (incident: IncidentView) => ageOf(incident, now.value, ages.value)
  const put = (said: AgesView | null | undefined) => (ages.value = said ?? UNTOLD)

  whenDropped(() => put(null))

  return { of, put }
})
