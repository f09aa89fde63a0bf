/** The server's time, ticking once a second for everything that shows an age. */
import { ref, type Ref } from 'vue'

const ticking = ref(Date.now())
let offset = 0

setInterval(() => (ticking.value = Date.now() + offset), 1_000)

export function setOffset(milliseconds: number): void {
  offset = milliseconds
}

/** Milliseconds since 1970, by the server's clock. */
export function useNow(): Readonly<Ref<number>> {
  return ticking
}
