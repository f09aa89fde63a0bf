/** Refusals of calls in words of their own, before those of everybody. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import type { CallItem } from '@/api/calls'
import { useWording } from '@/words/wording'

export function useCallWording() {
  const { t, te } = useI18n()
  const { refusal, inEnglish, day, clock } = useWording()

  function refused(error: unknown): string {
    if (error instanceof ApiError && te(`calls.error.${error.code}`)) return t(`calls.error.${error.code}`, { name: String(error.params.name ?? error.params.word ?? '') })
    return refusal(error)
  }

  const nameOf = (item: CallItem) => (item.name ? inEnglish(item.name, item.name_latin) : t('calls.no_name'))
  const whereOf = (item: CallItem) => inEnglish(item.address, item.address_en)
  const moment = (at: string) => `${day(at)} ${clock(at, false)}`

  const exactly = (at: string) => `${day(at)} ${clock(at)}`

  /** By which signal a press test was passed; empty while none has come. */
  function signalOf({ signal_kind: kind, signal_at: at }: CallItem): string {
    return kind && at ? t('calls.signal', { kind: t(`calls.signal_kind.${kind}`), at: exactly(at) }) : ''
  }

  return { refused, nameOf, whereOf, moment, exactly, signalOf }
}
