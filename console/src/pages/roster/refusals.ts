/** What the server has against it, in words. */
import { computed, type Ref } from 'vue'

import { ApiError } from '@/api/http'
import { useSession } from '@/stores/session'
import { useWords } from '@/words/records'

import { clockOf, dayOf } from './week'

export function useRefusals(failure: Readonly<Ref<unknown>>) {
  const { t, te, refusal } = useWords()
  const session = useSession()
  const moment = (at: unknown) => (typeof at === 'string' ? `${dayOf(at, session.timeZone)} ${clockOf(at, session.timeZone)}` : '')
  return computed(() => {
    const error = failure.value
    if (!(error instanceof ApiError) || !te(`roster.error.${error.code}`)) return refusal(error)
    const { name, begins_at, ends_at } = error.params
    return t(`roster.error.${error.code}`, { name: String(name ?? ''), begins: moment(begins_at), ends: moment(ends_at) })
  })
}
