/** Paper has no scroll bar: while a page is printed, tables draw all their rows. */
import { nextTick, ref } from 'vue'

export const onPaper = ref(false)

addEventListener('beforeprint', () => (onPaper.value = true))
addEventListener('afterprint', () => (onPaper.value = false))

export async function printAll(): Promise<void> {
  onPaper.value = true
  await nextTick()
  window.print()
  onPaper.value = false
}
