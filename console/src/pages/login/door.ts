/** Whether the database is away, and until when seats can log in all the same. Asked of the alarm side, which answers without the office. */
import { onBeforeUnmount, onMounted, shallowRef } from 'vue'

import { get } from '@/api/http'
import type { components } from '@/api/schema.gen'

export type Door = components['schemas']['SeatDoorView']

const AGAIN_MS = 5_000
const OPEN: Door = { away: false, until: null }

export function useDoor() {
  const door = shallowRef<Door>(OPEN)
  let timer = 0
  async function ask(): Promise<void> {
    // A server that does not answer says so itself, where somebody logs in.
    door.value = await get<Door>('/login/door').catch(() => OPEN)
  }
  onMounted(() => {
    void ask()
    timer = window.setInterval(() => void ask(), AGAIN_MS)
  })
  onBeforeUnmount(() => clearInterval(timer))
  return door
}
