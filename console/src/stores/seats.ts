/** Colleagues who are connected, and homes whose devices have fallen silent. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

import type { SeatView } from '@/api/wire'

export const useSeats = defineStore('seats', () => {
  const seats = ref<SeatView[]>([])
  const silentHomes = ref<number[]>([])

  return { seats, silentHomes }
})
