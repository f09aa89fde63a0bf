/** A shift of a duty phone in words: its days, from when until when. */
import { useI18n } from 'vue-i18n'

import type { Shift } from './times'

const A_WEEK = 7

export function useShiftWords(): (shift: Shift) => string {
  const { t, locale } = useI18n()
  return ({ days, begins, ends }) => {
    const which = days.length === A_WEEK ? t('policies.duty.every_day') : days.map((day) => t(`policies.duty.day.${day}`)).join(locale.value === 'en' ? ', ' : '、')
    return `${which} ${begins}–${ends}${ends <= begins ? ` ${t('policies.duty.over_night')}` : ''}`
  }
}
