/** What an outcome asserts, and whether the timeline bears it out; what it does not bear out needs a reason. Pure. */
import type { TimelineView } from '@/api/wire'

import { contactReplies, readEntry } from './timeline'

type Check = (facts: Facts) => boolean

interface Facts {
  /** Somebody spoke with the person or with a contact, or said that they are safe. */
  reached: boolean
  /** Somebody was called, sent or asked, whatever came of it. */
  tried: boolean
}

/** An emergency says who confirmed safe; a test was agreed upon. */
const BORNE_OUT: Record<string, Check> = {
  emergency: () => true,
  assistance: ({ reached }) => reached,
  mistaken_press: ({ reached }) => reached,
  false_alarm: ({ reached }) => reached,
  technical: () => true,
  test: () => true,
  nobody_reached: ({ tried, reached }) => tried && !reached,
}

export function needsReason(outcome: string, entries: readonly TimelineView[]): boolean {
  return !(BORNE_OUT[outcome]?.(factsOf(entries)) ?? false)
}

function factsOf(entries: readonly TimelineView[]): Facts {
  const steps = entries.map(readEntry).filter((told) => told.kind === 'step')
  const spoken = steps.some(({ step, result }) => step === 'safe' || (['call_back', 'contact_called'].includes(step) && result === 'reached'))
  return { reached: spoken || contactReplies(entries).size > 0, tried: steps.length > 0 }
}
