/** Refusals of rounds in words of their own, before those of everybody; names, or whoever lives there. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import { useWording } from '@/words/wording'

interface Named {
  name?: string | null
  name_latin?: string | null
}

export function useRoundWording() {
  const { t, te } = useI18n()
  const { refusal, inEnglish, staffName, staffNames, day, clock } = useWording()

  function refused(error: unknown): string {
    if (error instanceof ApiError && te(`rounds.error.${error.code}`)) return t(`rounds.error.${error.code}`, { stops: String(error.params.stops ?? ''), word: String(error.params.word ?? '') })
    return refusal(error)
  }

  const why = (code: string) => (te(`rounds.error.${code}`) ? t(`rounds.error.${code}`) : code)
  const nameOf = (one: Named) => (one.name ? inEnglish(one.name, one.name_latin ?? '') : t('rounds.whoever'))
  const whereOf = (one: { address: string; address_en: string }) => inEnglish(one.address, one.address_en)
  const moment = (at: string) => `${day(at)} ${clock(at, false)}`

  return { t, refused, staffName, staffNames, why, nameOf, whereOf, moment, time: (at: string) => clock(at, false) }
}
