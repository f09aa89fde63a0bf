/** The telephone of everybody outside where calls are simulated: the server knows them, the page orders. */
import { computed } from 'vue'

import type { OutsideCall, SimulatedWay } from './state'

const order = (name: 'ring' | 'answer' | 'hang-up' | 'press', body: object) =>
  fetch(`/demo/telephone/${name}`, { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    .then(({ ok }) => ok)
    .catch(() => false)

/** `hear` is told whether an order was carried out. */
export function useSimulated(way: () => SimulatedWay, hear: (done: boolean) => void) {
  const told = async (done: Promise<boolean>) => hear(await done)
  return {
    calls: computed<readonly OutsideCall[]>(() => way().calls),
    registered: computed(() => way().there),
    ring: (line: string, number: string) => told(order('ring', { line, number })),
    answer: (id: string) => told(order('answer', { id })),
    press: (id: string, digit: string) => told(order('press', { id, digit })),
    hangUp: (id: string) => told(order('hang-up', { id })),
  }
}
