/** What closing asks and says: which outcomes need a reason, as the server decides it, and the texts that go out. Pure. */
import type { DraftText } from '@/api/incidents'
import type { IncidentView, TimelineView } from '@/api/wire'

import { readEntry } from './timeline'

type Fact = 'tried' | 'reached'

const CALLS: readonly string[] = ['call_back', 'contact_called']

/** A call proves what came of it, and that it was tried whatever came of it. */
function factsIn({ step, result }: { step: string; result: string }): Fact[] {
  if (CALLS.includes(step)) return result === 'reached' ? ['tried', 'reached'] : ['tried']
  if (!['done', 'reached'].includes(result)) return []
  if (step === 'worker_sent') return ['tried', 'reached']
  return step === 'safe' ? ['reached'] : []
}

/** Outcomes that say that nothing was the matter, or that nobody knows: what one of them rests on is recorded, or a reason is given. */
const RESTS_ON: Record<string, Fact> = { mistaken_press: 'reached', false_alarm: 'reached', nobody_reached: 'tried' }

export function needsReason(outcome: string, signalClass: IncidentView['signal_class'], entries: readonly TimelineView[]): boolean {
  const needed = RESTS_ON[outcome]
  return signalClass === 'alarm' && needed !== undefined && !factsOf(entries).has(needed)
}

function factsOf(entries: readonly TimelineView[]): Set<Fact> {
  const steps = entries.map(readEntry).filter((told) => told.kind === 'step')
  return new Set(steps.flatMap(factsIn))
}

/** Equal texts as one, with everybody who gets it. */
export function eachOnce(drafts: readonly DraftText[]): { text: string; language: string; recipients: string[] }[] {
  const found = new Map<string, { text: string; language: string; recipients: string[] }>()
  for (const { text, language, recipient } of drafts) {
    const same = found.get(text)
    if (same) same.recipients.push(recipient)
    else found.set(text, { text, language, recipients: [recipient] })
  }
  return [...found.values()]
}
