/** Steps of a plan in words: those of the plan, else what its type says. */
import type { PlanStep } from '@/api/plans'
import { isService } from '@/domain/plan'
import { shortNumber } from '@/domain/services'

import { useWording } from './wording'

export function usePlanWords() {
  const { t, code, inEnglish } = useWording()

  function whom({ whom: called, rank, number }: PlanStep): string {
    if (isService(called)) return shortNumber(called)
    return t(`seat.plan_whom.${called ?? 'number'}`, { n: (called === 'contact' ? rank : number) ?? '' })
  }

  function stepText(step: PlanStep): string {
    const text = inEnglish(step.text, step.text_en)
    if (step.type === 'call') return [t('seat.plan.call', { whom: whom(step) }), text].filter(Boolean).join(t('seat.colon'))
    return text || code('plan_type', step.type)
  }

  /** An answer to this step; where the step is gone, its code. */
  function answerText(step: PlanStep | undefined, answer: string): string {
    const chosen = step?.type === 'question' ? step.answers?.[Number(answer) - 1] : undefined
    return chosen ? inEnglish(chosen.text, chosen.text_en) : code('plan_answer', answer)
  }

  /** What the button says. */
  function choiceText(step: PlanStep, answer: string): string {
    if (answer === 'skipped') return t('seat.plan.skip')
    if (answer !== 'done' || step.type === 'call') return answerText(step, answer)
    const own = step.type === 'text' || step.type === 'send' || step.type === 'wait'
    return t(own ? `seat.plan.${step.type}_do` : 'seat.plan.done_do')
  }

  return { stepText, answerText, choiceText }
}
