/** Asks again for as long as the office or its database is away: the alarm side answers without it, so only the place concerned waits. */
import { getCurrentScope, onScopeDispose, ref, type Ref } from 'vue'

import { ApiError, isAway, retryAfterMs } from '@/api/http'

import { useConnection } from './connection'

export interface Patience {
  /** The office is away, and is being asked again. */
  away: Readonly<Ref<boolean>>
  /** Repeats a question that changes nothing, until it is answered or `wanted` no longer holds. Other errors go through. */
  ask<T>(question: () => Promise<T>, wanted?: () => boolean): Promise<T>
}

export function usePatience(): Patience {
  const away = ref(false)
  const connection = useConnection()
  /** The office waits for its database for longer than a question waits for the office. */
  const mayReturn = (error: unknown) => isAway(error) || (!connection.database && error instanceof ApiError && error.status === 0)
  let gone = false
  let turn = 0
  if (getCurrentScope()) onScopeDispose(() => (gone = true))

  async function ask<T>(question: () => Promise<T>, wanted: () => boolean = () => true): Promise<T> {
    turn += 1
    const mine = turn
    const current = () => !gone && mine === turn && wanted()
    for (;;) {
      try {
        const answer = await question()
        if (mine === turn) away.value = false
        return answer
      } catch (error) {
        if (mine === turn) away.value = mayReturn(error) && current()
        if (!mayReturn(error) || !current()) throw error
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(error)))
        if (!current()) throw error
      }
    }
  }

  return { away, ask }
}
