/** A value that may change a hundred times a second, drawn less often: a change at once, the next ones together. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** `pauseMs`: for how long after a change the next ones are gathered; 0 for not at all. */
export function useGathered<T>(source: () => T, pauseMs: (value: T) => number): Readonly<ShallowRef<T>> {
  const shown = shallowRef(source()) as ShallowRef<T>
  let timer: ReturnType<typeof setTimeout> | null = null
  let newer = false

  function show(): void {
    const value = source()
    shown.value = value
    newer = false
    const pause = pauseMs(value)
    timer = pause ? setTimeout(wake, pause) : null
  }

  function wake(): void {
    timer = null
    if (newer) show()
  }

  watch(source, () => {
    newer = true
    if (timer === null) show()
  })
  onScopeDispose(() => timer !== null && clearTimeout(timer))
  return shown
}
