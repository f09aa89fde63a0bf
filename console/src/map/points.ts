/** Signs of the points of interest: one 24 x 24 path each, drawn white on a coloured tile. */

export interface Sign {
  path: string
  colour: string
}

const SIGNS: Record<string, Sign> = {
  station: { colour: '#7a3fa0', path: 'M12 4 3 11h2.6v8h4.8v-5h3.2v5h4.8v-8H21z' },
  clinic: { colour: '#0b7a4b', path: 'M9.5 4h5v5.5H20v5h-5.5V20h-5v-5.5H4v-5h5.5z' },
  hospital: { colour: '#b3261e', path: 'M5 4h4v6h6V4h4v16h-4v-6H9v6H5z' },
  police: { colour: '#1d4f9c', path: 'M12 3l7.5 2.5v6c0 4.6-3.2 7.9-7.5 9.5-4.3-1.6-7.5-4.9-7.5-9.5v-6zM12 7.2l-1.3 2.7-3 .4 2.2 2.1-.5 3 2.6-1.4 2.6 1.4-.5-3 2.2-2.1-3-.4z' },
  pharmacy: { colour: '#0b7a4b', path: 'M7.2 16.8a4.4 4.4 0 0 1 0-6.2l3.4-3.4a4.4 4.4 0 0 1 6.2 6.2l-3.4 3.4a4.4 4.4 0 0 1-6.2 0zm2.9-6.3 3.4 3.4 2-2a2.4 2.4 0 0 0-3.4-3.4z' },
  canteen: { colour: '#9a5b00', path: 'M6 3h1.4v5h1.2V3H10v5h1.2V3h1.3v6.5c0 1.3-.9 2.3-2.1 2.6V21H8.1v-8.9A2.7 2.7 0 0 1 6 9.5zM16 3c1.9.8 3 3.1 3 6.2 0 2-.6 3.4-1.6 4V21h-2.2V3z' },
  aed: { colour: '#0b7a4b', path: 'M12 21 4 13a5 5 0 0 1 0-7 5 5 0 0 1 7 0l1 1 1-1a5 5 0 0 1 7 7zM13 8l-3.8 4.800h2.500L10.6 17l4.2-5.400h-2.700z' },
  fire_station: { colour: '#b3261e', path: 'M12.5 2c.4 3.5 5.5 6.2 5.5 11.500a6 6 0 0 1-12 0c0-2.3 1-3.9 2.3-5.2.2 1.6.9 2.6 1.9 3C9.9 8 10.6 4.7 12.5 2zM12 18.500a2.6 2.6 0 0 0 2.6-2.600c0-1.6-1.4-2.5-2.6-4.2-1.2 1.7-2.6 2.6-2.6 4.200A2.6 2.6 0 0 0 12 18.500z' },
  community_office: { colour: '#7a3fa0', path: 'M12 3 3 8v2h18V8zM5 11.500h2.600V18H5zm5.7 0h2.600V18h-2.600zm5.7 0H19V18h-2.600zM3 19h18v2H3z' },
  day_station: { colour: '#7a3fa0', path: 'M12 7.500a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM11 2h2v3.500h-2zm0 16.500h2V22h-2zM2 11h3.500v2H2zm16.5 0H22v2h-3.500zM5 3.600l2.5 2.5-1.4 1.400L3.6 5zm12.9 12.9 2.5 2.5-1.4 1.4-2.5-2.500zM19 3.6 20.4 5l-2.5 2.5-1.4-1.400zM6.1 16.500l1.4 1.400L5 20.4 3.6 19z' },
  shop: { colour: '#9a5b00', path: 'M5 8h3V7a4 4 0 0 1 8 0v1h3l1 13H4zm5 0h4V7a2 2 0 0 0-4 0z' },
  unit: { colour: '#4b5563', path: 'M4 21V3h10v6h6v12h-7v-4h-2v4zM6.5 5.500v2h2v-2zm4 0v2h2v-2zm-4 4v2h2v-2zm4 0v2h2v-2zm-4 4v2h2v-2zm9-2v2h2v-2zm0 4v2h2v-2z' },
  key_box: { colour: '#8a4b00', path: 'M8 7a5 5 0 0 1 4.9 4H21v3h-1.500v3h-3v-3H12.500A5 5 0 1 1 8 7zm0 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4z' },
  hydrant: { colour: '#b3261e', path: 'M9 3h6v2h1v3h-1v2h3v4h-3v5h2v2H7v-2h2v-5H6v-4h3V8H8V5h1zm3 7.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z' },
  bus_stop: { colour: '#1d4f9c', path: 'M5 4h14v13h-1v3h-3v-3H9v3H6v-3H5zm2 2.500V12h10V6.500zM7.5 13.500v2h2v-2zm7 0v2h2v-2z' },
  gate: { colour: '#b3261e', path: 'M3 6h11v4h3.4l3.6 4v4h-2.2a2.4 2.4 0 0 1-4.6 0H9.8a2.4 2.4 0 0 1-4.6 0H3zm4.2 1.6v2H5.4v1.6h1.8v2h1.6v-2h1.8V9.6H8.8v-2z' },
}

const OTHER: Sign = { colour: '#4b5563', path: 'M12 3a6.5 6.5 0 0 1 6.5 6.5C18.5 14.5 12 21 12 21S5.5 14.5 5.5 9.5A6.5 6.5 0 0 1 12 3zm0 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z' }

export function signOf(kind: string): Sign {
  return SIGNS[kind] ?? OTHER
}

/** About what a name measures in pixels: wide characters 13, others 7. */
export function nameWidth(name: string): number {
  return [...name].reduce((sum, char) => sum + (char.codePointAt(0)! > 0x2e80 ? 13 : 7.2), 0)
}

/** Which names would run into another sign or an earlier name: these are shown as a sign alone. */
export function crowded(places: readonly { x: number; y: number; width: number }[]): boolean[] {
  const shown: { left: number; right: number; y: number }[] = []
  return places.map((place, i) => {
    const name = { left: place.x + 12, right: place.x + 16 + place.width, y: place.y }
    const hits = (left: number, right: number, y: number) => Math.abs(y - name.y) < 19 && left < name.right && right > name.left
    const crowds = places.some((other, j) => j !== i && hits(other.x - 10, other.x + 10, other.y)) || shown.some((o) => hits(o.left, o.right, o.y))
    if (!crowds) shown.push(name)
    return crowds
  })
}

const SVG = 'http://www.w3.org/2000/svg'

/** The sign as an element, for the markers of the 3D map. */
export function signElement(kind: string): SVGSVGElement {
  const sign = signOf(kind)
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'point__sign')
  svg.setAttribute('aria-hidden', 'true')
  const tile = document.createElementNS(SVG, 'rect')
  tile.setAttribute('width', '24')
  tile.setAttribute('height', '24')
  tile.setAttribute('rx', '6')
  tile.setAttribute('fill', sign.colour)
  const mark = document.createElementNS(SVG, 'path')
  mark.setAttribute('d', sign.path)
  mark.setAttribute('fill', '#fff')
  mark.setAttribute('fill-rule', 'evenodd')
  mark.setAttribute('transform', 'translate(2.4 2.4) scale(0.8)')
  svg.append(tile, mark)
  return svg
}
