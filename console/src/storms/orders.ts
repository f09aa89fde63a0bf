/** Giving an order for a storm, and taking it back: what is on its way, and what was refused. */
import { computed, ref, shallowRef } from 'vue'

import { order, takeBack, type StormOrder } from '@/api/storms'
import type { StormView } from '@/api/wire'
import { useSession } from '@/stores/session'
import { useStorms } from '@/stores/storms'

export function useStormOrders() {
  const storms = useStorms()
  const session = useSession()
  const busy = ref(false)
  const failure = shallowRef<unknown>(null)

  /** True when the server has it. */
  async function run(request: Promise<StormView>): Promise<boolean> {
    busy.value = true
    failure.value = null
    try {
      storms.apply([await request])
      return true
    } catch (error) {
      failure.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  const give = (storm: StormView, body: StormOrder) => run(order(storm.id, body))
  const back = (storm: StormView) => (storm.order ? run(takeBack(storm.id, storm.order.id)) : Promise.resolve(false))
  /** My own that can still be taken back. */
  const ownWaiting = computed(() => storms.shown.find(({ order }) => order?.state === 'waiting' && order.user_id === session.userId) ?? null)

  return { busy, failure, give, back, ownWaiting }
}
