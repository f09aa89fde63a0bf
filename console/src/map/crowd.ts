/** Many alarms on the map: the most urgent stay buttons, the others are drawn as one layer of dots. Pure. */
import type { ActiveDot } from './dots'

/** As many as a keyboard may sensibly walk through, and as an old PC moves without effort; the queue has them all. */
export const MOST_BUTTONS = 60

const URGENCY: readonly ActiveDot['state'][] = ['waiting', 'taken', 'following']

export interface Crowd {
  /** As buttons, the most urgent last so that it lies on top; the selected home is among them. */
  buttons: ActiveDot[]
  /** As dots. */
  dots: ActiveDot[]
}

export function crowdOf(active: readonly ActiveDot[], selectedHome: number | null, most = MOST_BUTTONS): Crowd {
  if (active.length <= most) return { buttons: [...active], dots: [] }
  const isSelected = (dot: ActiveDot) => dot.homeId !== null && dot.homeId === selectedHome
  const urgentFirst = [...active].sort((a, b) => Number(isSelected(b)) - Number(isSelected(a)) || URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state))
  return { buttons: urgentFirst.slice(0, most).reverse(), dots: urgentFirst.slice(most).reverse() }
}
