/** Whether this browser can draw the 3D map, and what the operator prefers. */

const STORED = 'callcenter.map.flat'

/** Browsers without a graphics card often have no WebGL at all; `?map=flat` leaves it aside on purpose. */
export function hasWebGl(): boolean {
  try {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('webgl2')
    context?.getExtension('WEBGL_lose_context')?.loseContext()
    return context !== null
  } catch {
    return false
  }
}

export function wantsFlat(): boolean {
  const asked = new URLSearchParams(location.search).get('map')
  if (asked) return asked === 'flat'
  try {
    return localStorage.getItem(STORED) === 'true'
  } catch {
    return false
  }
}

export function rememberFlat(flat: boolean): void {
  try {
    localStorage.setItem(STORED, String(flat))
  } catch {
    // a browser that keeps nothing asks again next time
  }
}
