/** What the server refuses of a region's policy, in words, and at which field. */
import { computed, type ComputedRef } from 'vue'

import { ApiError } from '@/api/http'
import { useWords } from '@/words/records'

import { useSpan } from './useSpan'

/** Where the hole is: the parameters of `policy_hole`. */
export type Hole = Record<string, unknown>

export interface Refused {
  hole: ComputedRef<Hole | null>
  text: ComputedRef<string>
}

/** Which number of a duty list is refused. */
export function dutyProblemOf(failure: unknown, text: string): { place: number; text: string } | undefined {
  const refused = failure instanceof ApiError && failure.status === 422 && failure.code.startsWith('duty_')
  return refused ? { place: Number(failure.params.place), text } : undefined
}

export function useRefusal(failure: () => unknown): Refused {
  const { t, te, refusal } = useWords()
  const span = useSpan()
  const error = computed(() => {
    const found = failure()
    return found instanceof ApiError ? found : null
  })
  const hole = computed(() => (error.value?.status === 422 && error.value.code === 'policy_hole' ? error.value.params : null))
  const text = computed(() => {
    if (hole.value) return t(`policies.error.policy_hole.${String(hole.value.reason)}`, inWords(hole.value))
    if (error.value && te(`policies.error.${error.value.code}`)) return t(`policies.error.${error.value.code}`, error.value.params)
    return failure() ? refusal(failure()) : ''
  })

  function inWords(found: Hole): Hole {
    return found.reason === 'bounds' ? { ...found, least: span(Number(found.least)), most: span(Number(found.most)) } : found
  }

  return { hole, text }
}
