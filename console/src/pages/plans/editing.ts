/** Changing the steps of a plan: what one edit makes of them. Pure. */
import type { Content, PlanStep, StepType } from '@/api/plans'

export const TYPES: readonly StepType[] = ['instruction', 'question', 'call', 'text', 'send', 'wait', 'retry']
/** Kinds that open an incident, the gravest first. */
export const KINDS = [
  'sos', 'fall', 'medical', 'smoke', 'gas', 'intrusion', 'water', 'inactivity', 'unknown', 'help', 'low_battery', 'power_fail', 'tamper', 'technical',
] as const
export const MOST_ANSWERS = 9

type Steps = readonly PlanStep[]
/** Where a step may lead from: its field, as the server names it. */
export type Exit = 'next' | 'otherwise' | 'to' | `answers.${number}`

/** What a step of this type holds besides its text, before anybody has filled it in. */
const BEGINNINGS: Record<StepType, Partial<PlanStep>> = {
  instruction: {},
  question: { answers: [{ text: '', text_en: '', next: null }, { text: '', text_en: '', next: null }] },
  call: { whom: 'resident' },
  text: {},
  send: {},
  wait: { minutes: 10 },
  retry: { times: 2 },
}

export function emptyPlan(): Content {
  return { name: '', name_en: '', kinds: [], active: true, steps: [blankStep([], 'instruction')], ring_after_s: null }
}

export function blankStep(steps: Steps, type: StepType): PlanStep {
  return { id: freshId(steps), type, text: '', text_en: '', next: null, ...structuredClone(BEGINNINGS[type]) }
}

function freshId(steps: Steps): string {
  const taken = new Set(steps.map(({ id }) => id))
  let number = steps.length + 1
  while (taken.has(`s${number}`)) number += 1
  return `s${number}`
}

/** Another type of the same step: its words and what follows stay. */
export function retyped(step: PlanStep, type: StepType): PlanStep {
  const { id, text, text_en, next } = step
  return { id, type, text, text_en, next: next ?? null, ...structuredClone(BEGINNINGS[type]) }
}

/** A step put in after another one, which now leads to it. */
export function putAfter(steps: Steps, after: string, type: StepType): PlanStep[] {
  const made = blankStep(steps, type)
  return steps.flatMap((step) => {
    if (step.id !== after) return [step]
    if (step.type === 'question') return [step, made]
    return [{ ...step, next: made.id }, { ...made, next: step.next ?? null }]
  })
}

/** A new last step that this exit leads to. */
export function putBehind(steps: Steps, from: string, exit: Exit, type: StepType): PlanStep[] {
  const made = blankStep(steps, type)
  return [...steps.map((step) => (step.id === from ? led(step, exit, made.id) : step)), made]
}

/** Without the step; what led to it leads to what followed it. */
export function without(steps: Steps, id: string): PlanStep[] {
  const gone = steps.find((step) => step.id === id)
  const heir = gone?.next === id ? null : (gone?.next ?? null)
  return steps
    .filter((step) => step.id !== id)
    .map((step) => exitsOf(step).reduce((changed, exit) => (targetOf(changed, exit) === id ? led(changed, exit, heir) : changed), step))
}

/** The step moved up or down; the first one is where the plan begins. */
export function moved(steps: Steps, id: string, by: 1 | -1): PlanStep[] {
  const from = steps.findIndex((step) => step.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= steps.length) return [...steps]
  const order = [...steps]
  ;[order[from], order[to]] = [order[to]!, order[from]!]
  return order
}

export function exitsOf(step: PlanStep): Exit[] {
  if (step.type === 'question') return (step.answers ?? []).map((_, index) => `answers.${index}` as const)
  if (step.type === 'call') return ['next', 'otherwise']
  return step.type === 'retry' ? ['to', 'next'] : ['next']
}

const placeOf = (exit: Exit) => Number(exit.slice('answers.'.length))

export function targetOf(step: PlanStep, exit: Exit): string | null {
  if (exit === 'next' || exit === 'otherwise' || exit === 'to') return step[exit] ?? null
  return step.answers?.[placeOf(exit)]?.next ?? null
}

/** The step with this exit leading there. */
export function led(step: PlanStep, exit: Exit, target: string | null): PlanStep {
  if (exit === 'next' || exit === 'otherwise' || exit === 'to') return { ...step, [exit]: target }
  const place = placeOf(exit)
  return { ...step, answers: (step.answers ?? []).map((answer, index) => (index === place ? { ...answer, next: target } : answer)) }
}
