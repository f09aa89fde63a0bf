/** What is said of somebody on duty. */
import { useI18n } from 'vue-i18n'

import { useWording } from '@/words/wording'

import { ageOf, type FieldPerson } from './people'

const MINUTE = 60
const HOUR = 3_600
/** Seconds; younger than that is now. */
const JUST_NOW = 5

export function useFieldWords() {
  const { t } = useI18n()
  const { clock, staffName } = useWording()

  const nameOf = (person: FieldPerson) => staffName(person.name) || t(person.kinds[0] ? `dots.kind.${person.kinds[0]}` : 'dots.somebody')
  const kindsOf = (person: FieldPerson) => person.kinds.map((kind) => t(`dots.kind.${kind}`)).join(t('dots.and')) || t('dots.somebody')

  function jobOf(person: FieldPerson): string {
    if (!person.task_kind) return t('dots.free')
    return t('dots.job', { task: t(`dots.task.${person.task_kind}`), state: t(`dots.state.${person.task_state}`) })
  }

  const sinceOf = (person: FieldPerson) => (person.since ? t('dots.since', { at: clock(person.since, false) }) : '')

  function spanOf(seconds: number): string {
    if (seconds < MINUTE) return t('dots.seconds', { n: seconds })
    if (seconds < HOUR) return t('dots.minutes', { n: Math.floor(seconds / MINUTE) })
    return t('dots.hours', { h: Math.floor(seconds / HOUR), m: Math.floor((seconds % HOUR) / MINUTE) })
  }

  function ageText(person: FieldPerson, now: number): string {
    const age = ageOf(person, now)
    if (age === null) return t('dots.nobody_knows')
    return age < JUST_NOW ? t('dots.now') : t('dots.seen', { age: spanOf(age) })
  }

  return { nameOf, kindsOf, jobOf, sinceOf, spanOf, ageText }
}
