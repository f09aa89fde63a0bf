/** The browser's own modal dialog: it keeps the focus inside; when it goes the focus returns to where it was. */
import { nextTick, onMounted, onUnmounted, type Ref } from 'vue'

/** Takes the focus when whatever had it is gone: the first of these on the page. */
const FALLBACK = '[data-focus-fallback]'

export function useDialog(dialog: Readonly<Ref<HTMLDialogElement | null>>): void {
  const before = document.activeElement as HTMLElement | null
  onMounted(() => dialog.value?.showModal())
  onUnmounted(() => void nextTick(() => giveBack(before)))
}

/** To `before`, or where it is gone or shut to whatever stands for it; never away from where somebody has put it by now. */
export function giveBack(before: HTMLElement | null): void {
  if (document.activeElement !== document.body && document.activeElement !== null) return
  if (before && before !== document.body && before.isConnected) before.focus()
  if (document.activeElement === document.body) document.querySelector<HTMLElement>(FALLBACK)?.focus()
}
