/** The wall's line to the server: what it hears goes to the board, and how long it has heard nothing. It never goes on duty. */
import { onMounted, onUnmounted, ref, watch, type Ref } from 'vue'

import { startLive, type Live } from '@/live/live'
import { useConnection } from '@/stores/connection'
import { setOffset } from '@/stores/now'
import { useSession } from '@/stores/session'

import { applyWall } from './applyWall'

/** By `performance.now()`: when the server was heard last. */
export function useBoard(): Readonly<Ref<number>> {
  const connection = useConnection()
  const heardAt = ref(performance.now())
  let live: Live | null = null

  onMounted(() => {
    live = startLive({
      message(message, more) {
        heardAt.value = performance.now()
        applyWall(message, more)
      },
      state(state) {
        connection.state = state
        if (state === 'down') void useSession().check()
      },
      sounds: () => false,
      silence: (ms) => (connection.silentMs = ms),
    })
  })
  watch(() => connection.clockOffset, setOffset)
  onUnmounted(() => live?.stop())
  return heardAt
}
