/** Calls and cases in words, and refusals in words of their own before those of everybody. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import type { CallLine, Disposition, HotlineCase } from '@/api/hotline'
import { useNow } from '@/stores/now'
import { useSession } from '@/stores/session'
import { spokenPhone } from '@/words/spoken'
import { useWording } from '@/words/wording'

import { useDispositions } from './dispositions'

export function useHotlineWording() {
  const { t, te, locale } = useI18n()
  const session = useSession()
  const { refusal, inEnglish, clock, staffName } = useWording()
  const now = useNow()
  const dispositions = useDispositions()

  function refused(error: unknown): string {
    if (error instanceof ApiError && te(`filing.error.${error.code}`)) return t(`filing.error.${error.code}`, { name: String(error.params.disposition ?? error.params.key ?? error.params.word ?? '') })
    return refusal(error)
  }

  const aboutName = (each: Disposition) => inEnglish(each.zh, each.en)

  /** A code that is not known shows as it is. */
  function about(code: string | null | undefined): string {
    const found = code ? dispositions.byCode.get(code) : undefined
    return found ? aboutName(found) : (code ?? '')
  }

  function number(call: { caller_e164: string | null; caller_raw: string; presentation?: string }): string {
    if (call.caller_e164) return spokenPhone(call.caller_e164)
    return call.caller_raw || t('filing.withheld')
  }

  /** Whoever it is attached to; empty where nobody is. */
  function who(call: CallLine): string {
    const parts = [call.contact_name && inEnglish(call.contact_name, call.contact_latin), call.name && inEnglish(call.name, call.name_latin), staffName(call.staff_name), call.organisation_name]
    return parts.filter(Boolean).join(' · ')
  }

  const caseWho = (one: HotlineCase) => (one.name ? inEnglish(one.name, one.name_latin) : number(one))
  const yearOf = (at: string | number) => new Date(at).toLocaleDateString('en', { year: 'numeric', timeZone: session.timeZone })

  /** Of this year without its year: a column of calls has no room for what stands in each of its rows. */
  function moment(at: string): string {
    const year = yearOf(at) === yearOf(now.value) ? undefined : 'numeric'
    return `${new Date(at).toLocaleDateString(locale.value, { year, month: 'short', day: 'numeric', timeZone: session.timeZone })} ${clock(at, false)}`
  }

  const lasted = (seconds: number | null) => (seconds === null ? '' : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)

  return { t, refused, about, aboutName, number, who, caseWho, moment, lasted, inEnglish, staffName }
}
