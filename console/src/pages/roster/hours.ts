/** The hours of a shift; one that lasts a whole day is said so. */
import type { PlannedShift } from '@/api/duty'
import { useSession } from '@/stores/session'
import { useWords } from '@/words/records'

import { clockOf } from './week'

export function useHours() {
  const { t } = useWords()
  const session = useSession()
  const hours = ({ begins_at, ends_at }: PlannedShift) => {
    const [begins, ends] = [clockOf(begins_at, session.timeZone), clockOf(ends_at, session.timeZone)]
    return begins === ends ? t('roster.shift.whole_day', { begins }) : `${begins}–${ends}`
  }
  return { hours }
}
