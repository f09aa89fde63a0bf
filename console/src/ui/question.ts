/** A question before something is lost. The browser's own would hold up the page, and the alarm that comes meanwhile. */
import { shallowRef } from 'vue'

export interface Question {
  text: string
  answer: (yes: boolean) => void
}

export const asked = shallowRef<Question | null>(null)

/** Whether whoever sits here agrees; what was asked before counts as refused. */
export function agrees(text: string): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((resolve) => {
    asked.value = { text, answer: (yes) => ((asked.value = null), resolve(yes)) }
  })
}
