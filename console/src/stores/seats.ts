/** Colleagues who are connected, and homes whose devices have fallen silent. */
import { defineStore } from 'pinia'
import { reactive, ref, watch } from 'vue'

import type { SeatView } from '@/api/wire'

import { whenDropped } from './holding'

export const useSeats = defineStore('seats', () => {
  const seats = ref<SeatView[]>([])
  const silentHomes = ref<number[]>([])

  /** Latin names of operators that were met so far; incidents and timelines carry the name as registered. */
  const latin = reactive(new Map<number, string>())
  watch(seats, (present) => {
    for (const seat of present) if (seat.name_en) latin.set(seat.user_id, seat.name_en)
  })

  /** By user id, as pages of incidents bring them along. */
  function learn(names: Readonly<Record<string, string>> = {}): void {
    for (const [id, name] of Object.entries(names)) latin.set(Number(id), name)
  }

  whenDropped(() => {
    seats.value = []
    silentHomes.value = []
    latin.clear()
  })

  return { seats, silentHomes, latin, learn }
})
