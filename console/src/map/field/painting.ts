/** The dots of the field on a canvas: blue, in the shape of who it is, hollow when the position is old. */
import type { LngLat } from '@/api/places'

import { isOld, isSomewhere, legible, shapeOf, type FieldPerson, type Shape } from './people'

export interface Point {
  x: number
  y: number
}

export interface Scene {
  people: readonly FieldPerson[]
  /** Milliseconds, by the server. */
  now: number
  /** The server says nothing now. */
  silent: boolean
  /** Whose card lies open. */
  chosen: number | null
  /** What stands beside a sign where there is room; empty: nothing. */
  captionOf: (person: FieldPerson) => string
  /** Alarms lie on top of everything: around them nothing of the field is drawn. */
  alarms: readonly LngLat[]
  enlarged: number
  /** Where nobody can point at a sign everybody has their turn: whose caption comes first. Null: whoever does something. */
  turn: number | null
}

export const COLOUR = '#4aa3ff'
const EDGE = '#0b0e11'
const WHITE = '#ffffff'
const RADIUS = 8
/** Pixels around an alarm that stay free. */
const CLEAR = 17
/** So many captions come first with each turn. */
const STEP = 11

/** The outline of a shape around a middle. */
export function trace(path: Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo' | 'arc' | 'closePath' | 'rect'>, shape: Shape, { x, y }: Point, r: number): void {
  if (shape === 'disc') {
    path.moveTo(x + r, y)
    path.arc(x, y, r, 0, 2 * Math.PI)
    return path.closePath()
  }
  const corners = CORNERS[shape]
  corners.forEach(([dx, dy], at) => (at ? path.lineTo(x + dx * r, y + dy * r) : path.moveTo(x + dx * r, y + dy * r)))
  path.closePath()
}

const around = (n: number, radius: number): [number, number][] =>
  Array.from({ length: n }, (_, at) => [radius * Math.sin((2 * Math.PI * at) / n), -radius * Math.cos((2 * Math.PI * at) / n)])
const ARM = 0.4

const CORNERS: Record<Exclude<Shape, 'disc'>, readonly (readonly [number, number])[]> = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: around(3, 1.25),
  pentagon: around(5, 1.1),
  diamond: around(4, 1.2),
  cross: [[-ARM, -1.1], [ARM, -1.1], [ARM, -ARM], [1.1, -ARM], [1.1, ARM], [ARM, ARM], [ARM, 1.1], [-ARM, 1.1], [-ARM, ARM], [-1.1, ARM], [-1.1, -ARM], [-ARM, -ARM]],
}

/** Draws everything anew; for several hundred that is a few milliseconds, and it happens no more often than positions come. */
export function paint(canvas: CanvasRenderingContext2D, size: { width: number; height: number }, project: (at: LngLat) => Point, scene: Scene): void {
  canvas.clearRect(0, 0, size.width, size.height)
  const seen = scene.people.filter(isSomewhere).map((person) => ({ person, at: project([person.lng, person.lat]) })).filter(({ at }) => isInside(at, size))
  // whoever is chosen on top, then who does something
  const order = (person: FieldPerson) => (person.staff_id === scene.chosen ? 2 : person.task_kind ? 1 : 0)
  const captioned = scene.turn === null ? [...seen].sort((a, b) => order(b.person) - order(a.person)) : inTurn(seen, scene.turn)
  paintCaptions(canvas, captioned, scene) // below the signs: no name hides anybody
  for (const { person, at } of [...seen].sort((a, b) => order(a.person) - order(b.person))) paintSign(canvas, person, at, scene)
  keepClear(canvas, scene.alarms.map(project))
}

/** Of a list that goes round: another part of it comes first with each turn. */
export function inTurn<T>(all: readonly T[], turn: number): T[] {
  const from = all.length ? (turn * STEP) % all.length : 0
  return [...all.slice(from), ...all.slice(0, from)]
}

const isInside = ({ x, y }: Point, { width, height }: { width: number; height: number }) => x > -RADIUS && y > -RADIUS && x < width + RADIUS && y < height + RADIUS

function paintSign(canvas: CanvasRenderingContext2D, person: FieldPerson, at: Point, scene: Scene): void {
  const r = RADIUS * scene.enlarged
  if (person.staff_id === scene.chosen) {
    canvas.beginPath()
    canvas.arc(at.x, at.y, r + 6, 0, 2 * Math.PI)
    canvas.lineWidth = 3
    canvas.strokeStyle = WHITE
    canvas.stroke()
  }
  canvas.beginPath()
  trace(canvas, shapeOf(person.kinds), at, r)
  const old = isOld(person, scene.now, scene.silent)
  canvas.lineWidth = 5
  canvas.strokeStyle = EDGE
  canvas.stroke()
  canvas.fillStyle = old ? EDGE : COLOUR
  canvas.fill()
  canvas.lineWidth = old ? 2.5 : 1.5
  canvas.strokeStyle = old ? COLOUR : WHITE
  canvas.stroke()
}

function paintCaptions(canvas: CanvasRenderingContext2D, seen: readonly { person: FieldPerson; at: Point }[], scene: Scene): void {
  canvas.font = `600 ${13 * scene.enlarged}px "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif`
  canvas.textBaseline = 'middle'
  canvas.lineJoin = 'round'
  const worded = seen.map(({ person, at }) => ({ text: scene.captionOf(person), x: at.x + 13 * scene.enlarged, y: at.y })).filter(({ text }) => text)
  const shown = legible(worded.map(({ text, x, y }) => ({ x, y, width: canvas.measureText(text).width + 8 })))
  for (const { text, x, y } of worded.filter((_, at) => shown[at])) {
    canvas.lineWidth = 4
    canvas.strokeStyle = EDGE
    canvas.strokeText(text, x, y)
    canvas.fillStyle = '#dcecff'
    canvas.fillText(text, x, y)
  }
}

/** Where an alarm stands nothing may lie on it, not even in part. */
function keepClear(canvas: CanvasRenderingContext2D, alarms: readonly Point[]): void {
  canvas.save()
  canvas.globalCompositeOperation = 'destination-out'
  canvas.beginPath()
  for (const { x, y } of alarms) {
    canvas.moveTo(x + CLEAR, y)
    canvas.arc(x, y, CLEAR, 0, 2 * Math.PI)
  }
  canvas.fill()
  canvas.restore()
}
