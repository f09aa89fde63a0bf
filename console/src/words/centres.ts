/** Other centres in the console's language. */
import type { Rule } from '@/api/centres'
import { ApiError } from '@/api/http'
import { useSession } from '@/stores/session'

import { useWords } from './records'

const PLACES: Record<string, string> = { name_taken: 'name', key_refused: 'key', centre_elsewhere: 'region_id' }

export function useCentreWords() {
  const { t, te, locale, either, refusal: usual } = useWords()
  const session = useSession()

  /** Why a path does not work; a code that this console does not know stands as it is. */
  const trouble = (code: string) => (te(`seat.forward_error.${code}`) ? t(`seat.forward_error.${code}`) : code)

  const moment = (at: string | null) => (at ? new Date(at).toLocaleString(locale.value, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: session.timeZone }) : '')

  const two = (value: number) => String(value).padStart(2, '0')
  const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  const hours = ({ begins, ends }: Rule) => (begins === ends ? t('centres.all_day') : `${clock(begins)}–${clock(ends)}`)
  const kinds = (rule: Rule) => [t(`centres.priorities.p${rule.least_priority}`), ...rule.kinds.map((kind) => t(`seat.kind.${kind}`))].join(' · ')

  /** The field that the server does not take; null: it is about all of it. */
  function placeOf(error: unknown): string | null {
    if (!(error instanceof ApiError)) return null
    if (error.code in PLACES) return PLACES[error.code]!
    const [first] = (error.params.fields ?? []) as { field: string; message: string }[]
    if (!first) return null
    const last = first.field.split('.').find((part) => part !== 'body')
    return last ?? /(address|account|kinds):/.exec(first.message)?.[1] ?? null
  }

  function refusal(error: unknown): string {
    const key = error instanceof ApiError ? `centres.error.${error.code}` : ''
    return key && te(key) ? t(key) : usual(error)
  }

  return { clock, either, placeOf, hours, kinds, moment, refusal, trouble }
}
