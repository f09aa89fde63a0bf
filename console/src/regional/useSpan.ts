/** Seconds of a policy in words: hours, minutes and seconds in the language of the console. */
import { useI18n } from 'vue-i18n'

import { partsOf } from '@/domain/duration'

export function useSpan(): (seconds: number) => string {
  const { t, locale } = useI18n()
  return (seconds) => partsOf(seconds).map(([unit, n]) => t(`policies.span.${unit}`, { n })).join(locale.value === 'en' ? ' ' : '')
}
