/** Whether this console plays the soft sound of what does not ring: a request for service that has come, or is due. */
import { ref } from 'vue'

const STORED = 'callcenter.chimes'

export const chimes = ref(localStorage.getItem(STORED) !== 'off')

export function setChimes(on: boolean): void {
  chimes.value = on
  localStorage.setItem(STORED, on ? 'on' : 'off')
}
