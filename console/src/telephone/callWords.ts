/** Calls in words. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import type { CallShown, Match } from '@/api/telephone'
import { numberOf, whoIs } from '@/domain/calls'
import { useSeats } from '@/stores/seats'
import { spokenPhone } from '@/words/spoken'
import { useWording } from '@/words/wording'

/** Where the words of codes stand. */
const CODES: Partial<Record<Match['whose'], string>> = { device: 'seat.device', staff: 'organisations.option.kinds', organisation: 'organisations.option.kind' }

export function useCallWords() {
  const { te } = useI18n()
  const { t, inEnglish, operator, refusal: inWords } = useWording()
  const seats = useSeats()

  const nameOf = ({ name, name_en }: Pick<Match, 'name' | 'name_en'>) => inEnglish(name, name_en)
  /** Of a contact as their record has it; what a device, somebody of the staff or an organisation is by its code. */
  function relationOf({ whose, relation, relation_en }: Pick<Match, 'whose' | 'relation' | 'relation_en'>): string {
    const group = CODES[whose]
    if (!group) return inEnglish(relation, relation_en)
    return relation.split(', ').map((each) => (te(`${group}.${each}`) ? t(`${group}.${each}`) : each)).join(' · ')
  }
  /** "daughter · Shen Yulan": whose, and of whom. */
  const standingOf = (match: Pick<Match, 'whose' | 'relation' | 'relation_en' | 'of' | 'of_en'>) => [relationOf(match) || t(`telephone.whose.${match.whose}`), inEnglish(match.of, match.of_en)].filter(Boolean).join(' · ')
  const addressOf = ({ address, address_en }: Pick<Match, 'address' | 'address_en'>) => inEnglish(address, address_en)
  const lineOf = ({ line, line_name, line_name_en }: Pick<CallShown, 'line' | 'line_name' | 'line_name_en'>) => inEnglish(line_name || line, line_name_en)

  /** Somebody at another seat, by name where it is known. */
  const colleague = (userId: number | null) => operator(userId, seats.seats.find((seat) => seat.user_id === userId)?.name) || t('telephone.colleague')

  /** As it is said; what is no number is shown as it was signalled. */
  function number(call: Pick<CallShown, 'caller'>): string {
    if (call.caller.presentation === 'withheld') return t('telephone.withheld')
    return spokenPhone(numberOf(call)) || t('telephone.no_number')
  }

  /** One name, how many have the number, or the number itself. */
  function title(call: Pick<CallShown, 'caller' | 'attached' | 'matches'>): string {
    const known = whoIs(call)
    if (known) return nameOf(known)
    return call.matches.length > 1 ? t('telephone.several', { n: call.matches.length }) : number(call)
  }

  /** Why a command was not carried out. */
  function refusal(error: unknown): string {
    const key = error instanceof ApiError ? `telephone.error.${error.code}` : ''
    return key && te(key) ? t(key) : inWords(error)
  }

  return { t, refusal, nameOf, relationOf, addressOf, lineOf, standingOf, colleague, number, title }
}
