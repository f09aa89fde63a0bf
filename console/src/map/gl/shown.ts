/** Whether a place can be seen on the map. Pure. */

/** Pixels from the edge within which a dot is cut off. */
const EDGE = 8

export function isInside({ x, y }: { x: number; y: number }, { clientWidth, clientHeight }: { clientWidth: number; clientHeight: number }): boolean {
  return x >= EDGE && y >= EDGE && x <= clientWidth - EDGE && y <= clientHeight - EDGE
}
