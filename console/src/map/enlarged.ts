/** How much larger than usual this page is written: on a 4K screen what the map draws grows with it. */

const USUAL_PX = 16

export function enlargement(): number {
  return (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_PX) / USUAL_PX
}
