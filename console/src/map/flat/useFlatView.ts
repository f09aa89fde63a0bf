/** What part of the ground is on the screen, and how hands and keys move it. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

import type { Metres } from '../geometry'
import { zoomAround, type Size, type View } from './flatview'

/** Pixels: less is a click, not a drag. */
const SHAKE = 4
const STEP = 60
const ZOOM_STEP = 1.4

export interface Hands {
  showAll(): void
  /** A click at a point of the frame. */
  click(at: Metres): void
  /** The frame has its size for the first time. */
  ready(): void
}

export function useFlatView(frame: Readonly<Ref<HTMLElement | null>>, hands: Hands) {
  const size = ref<Size>({ width: 640, height: 480 })
  const view = ref<View>({ x: 0, y: 0, scale: 1 })
  /** What the view is held at through every change of the frame; null once a hand has moved it. */
  let held: (() => View | null) | null = null

  function hold(fit: () => View | null): void {
    held = fit
    measure()
    fitAgain()
  }

  function fitAgain(): void {
    view.value = held?.() ?? view.value
  }

  const holds = () => held !== null

  function zoom(factor: number, around: Metres = { x: size.value.width / 2, y: size.value.height / 2 }): void {
    held = null
    view.value = zoomAround(view.value, size.value, around, factor)
  }

  function pan(dx: number, dy: number): void {
    held = null
    view.value = { ...view.value, x: view.value.x - dx / view.value.scale, y: view.value.y - dy / view.value.scale }
  }

  function inFrame(event: MouseEvent): Metres {
    const box = frame.value!.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  let drag: { from: Metres; moved: boolean } | null = null

  function grab(event: PointerEvent): void {
    if (event.button === 0) drag = { from: inFrame(event), moved: false }
  }

  function haul(event: PointerEvent): void {
    if (!drag) return
    const now = inFrame(event)
    const [dx, dy] = [now.x - drag.from.x, now.y - drag.from.y]
    if (!drag.moved && Math.hypot(dx, dy) < SHAKE) return
    if (!drag.moved) (event.currentTarget as Element).setPointerCapture(event.pointerId)
    pan(dx, dy)
    drag = { from: now, moved: true }
  }

  function drop(event: PointerEvent): void {
    const click = drag && !drag.moved
    drag = null
    if (click) hands.click(inFrame(event))
  }

  const letGo = () => (drag = null)

  const keys: Record<string, () => void> = {
    ArrowLeft: () => pan(STEP, 0),
    ArrowRight: () => pan(-STEP, 0),
    ArrowUp: () => pan(0, STEP),
    ArrowDown: () => pan(0, -STEP),
    '+': () => zoom(ZOOM_STEP),
    '=': () => zoom(ZOOM_STEP),
    '-': () => zoom(1 / ZOOM_STEP),
    '0': hands.showAll,
  }

  function onKey(event: KeyboardEvent): void {
    const act = keys[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  let observer: ResizeObserver | undefined
  let settled = false

  function measure(): void {
    const box = frame.value?.getBoundingClientRect()
    if (box?.width && box.height) size.value = { width: box.width, height: box.height }
  }

  function settle(): void {
    measure()
    if (settled) return fitAgain()
    settled = true
    hands.ready()
  }

  onMounted(() => {
    observer = new ResizeObserver(settle)
    observer.observe(frame.value!)
    settle()
  })
  onBeforeUnmount(() => observer?.disconnect())

  return { size, view, hold, holds, zoom, inFrame, grab, haul, drop, letGo, onKey }
}
