import { expect, it } from 'vitest'

import { person } from '@/testing/field'

import { inTurn, paint, type Scene } from './painting'

const NOW = Date.parse('2026-03-14T09:00:00Z')

/** A pen that writes down what it is told: jsdom draws nothing. */
function pen() {
  const done: unknown[][] = []
  const state: Record<string, unknown> = {}
  const context = new Proxy({}, {
    get: (_, name: string) => (name === 'measureText' ? (text: string) => ({ width: text.length * 10 }) : (...given: unknown[]) => void done.push([name, ...given, state.fillStyle, state.globalCompositeOperation])),
    set: (_, name: string, value) => { state[name] = value; return true },
  })
  return { context: context as CanvasRenderingContext2D, done }
}
function scene(parts: Partial<Scene> = {}): Scene {
  return { people: [person(1)], now: NOW, silent: false, chosen: null, captionOf: (one) => one.name, alarms: [], enlarged: 1, turn: null, ...parts }
}
const size = { width: 800, height: 600 }
const project = ([lng, lat]: readonly [number, number]) => ({ x: (lng - 104) * 1_000 + 100, y: (lat - 40) * 1_000 + 100 })

it('fills the sign of somebody who is there, and leaves it hollow when that is long ago', () => {
  const fills = (now: number, silent = false) => {
    const { context, done } = pen()
    paint(context, size, project, scene({ now, silent }))
    return done.filter(([name]) => name === 'fill').map((each) => each[1])
  }
  expect(fills(NOW)[0]).toBe('#4aa3ff')
  expect(fills(NOW + 300_000)[0]).toBe('#0b0e11')
  expect(fills(NOW, true)[0]).toBe('#0b0e11')
})

it('clears the place of every alarm after everything else is drawn', () => {
  const { context, done } = pen()
  paint(context, size, project, scene({ alarms: [[104, 40]] }))
  const last = done.slice(done.findIndex(([name]) => name === 'save'))
  expect(last.map(([name]) => name)).toEqual(['save', 'beginPath', 'moveTo', 'arc', 'fill', 'restore'])
  expect(last.find(([name]) => name === 'arc')!.slice(1, 4)).toEqual([100, 100, 17])
  expect(last.find(([name]) => name === 'fill')!.at(-1)).toBe('destination-out')
})

it('draws nobody who is not on the screen, and names below the signs', () => {
  const { context, done } = pen()
  paint(context, size, project, scene({ people: [person(1), person(2, { lng: 110 }), person(3, { at: null, lat: null, lng: null })] }))
  expect(done.filter(([name]) => name === 'fillText').map((each) => each[1])).toEqual(['护理员1'])
  expect(done.findIndex(([name]) => name === 'fillText')).toBeLessThan(done.findIndex(([name]) => name === 'fill'))
})

it('gives everybody their turn', () => {
  expect(inTurn([1, 2, 3, 4], 0)).toEqual([1, 2, 3, 4])
  expect(inTurn([1, 2, 3, 4], 1)).toEqual([4, 1, 2, 3])
  expect(inTurn([], 5)).toEqual([])
})
