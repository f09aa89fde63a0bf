/** What can be done about a step of a plan, and whom it means. Pure. */
import type { PlanStep, Standing } from '@/api/plans'
import type { ContactView } from '@/api/profile'

/** A button at the step, with the key that presses it. */
export interface Choice {
  answer: string
  key: string
}

/** Of a call as it is offered; the server knows further words. */
const CALLED: readonly string[] = ['reached', 'no_answer', 'busy']
const SERVED: readonly string[] = ['done', 'no_answer']

/** The services that are called by a number of their own. */
export const SERVICES = { ambulance: 'ambulance_called', fire: 'fire_called', police: 'police_called' } as const
export type ServiceName = keyof typeof SERVICES

export const isService = (whom: string | null | undefined): whom is ServiceName => whom != null && whom in SERVICES

/** What is offered at this step: the answers by 1 to 9, passing over by 0. */
export function choicesOf(step: PlanStep): Choice[] {
  const given = answersOf(step).map((answer, index) => ({ answer, key: String(index + 1) }))
  return step.type === 'question' || step.type === 'wait' ? given : [...given, { answer: 'skipped', key: '0' }]
}

function answersOf(step: PlanStep): readonly string[] {
  if (step.type === 'question') return (step.answers ?? []).map((_, index) => String(index + 1))
  if (step.type === 'call') return isService(step.whom) ? SERVED : CALLED
  return ['done']
}

/** The contact that a call means: that rank of whoever pressed, else of the first resident who has one. */
export function contactOf(contacts: readonly ContactView[], rank: number | null | undefined, resident: number | null): ContactView | null {
  const ranked = contacts.filter((contact) => contact.rank === rank)
  return ranked.find((contact) => contact.resident_id === resident) ?? ranked[0] ?? null
}

export function stepsById(steps: readonly PlanStep[]): ReadonlyMap<string, PlanStep> {
  return new Map(steps.map((step) => [step.id, step]))
}

/** Steps that were not done and are not tried again by the plan itself. */
export function undoneSteps(steps: readonly PlanStep[], standing: Standing): PlanStep[] {
  const known = stepsById(steps)
  return standing.undone.map((id) => known.get(id)).filter((step): step is PlanStep => step !== undefined)
}
