import { beforeEach, expect, it } from 'vitest'
import { reactive } from 'vue'

import { createField, type Field } from './field'
import type { Shelf } from './shelf'
import { inMemory } from './shelf'
import { FakeServer, job, jobs, STAFF } from './testing'

const JPEG = new Blob(['picture'], { type: 'image/jpeg' })

let server: FakeServer
let shelf: Shelf
let later: { work: () => void; ms: number }[]

beforeEach(() => {
  server = new FakeServer()
  shelf = inMemory()
  later = []
})

/** The page as a browser opens it, on what was kept before. */
async function opened(): Promise<Field> {
  const field = createField(shelf, server.ask, { now: () => Date.parse('2026-11-28T09:00:30Z'), chance: () => 0.5, later: (work, ms) => later.push({ work, ms }) })
  await field.load()
  return field
}

async function settledDown(field: Field) {
  do await new Promise((resolve) => setTimeout(resolve))
  while (field.state.sending)
}

async function visited(field: Field) {
  for (const name of ['accept', 'set_out', 'arrive', 'depart'] as const) {
    await field.say(name, job(), {}, name === 'arrive' ? { blob: JPEG, nonce: 'ABCDEF-1' } : undefined)
  }
  await settledDown(field)
}

it('keeps what was done without a line through a closed browser, and sends it once, in its order', async () => {
  const before = await opened()
  await before.refresh()
  server.line = 'off'
  await visited(before)
  expect([before.state.line, before.state.items.length, before.state.photos.length]).toEqual(['off', 4, 1])
  expect(server.carriedOut).toEqual([])

  const after = await opened()
  expect([after.state.items.length, after.state.kept?.jobs.who.name]).toEqual([4, '王敏'])
  server.line = 'on'
  await after.send()
  await after.send()
  expect(server.carriedOut).toEqual(['accept', 'set_out', 'arrive', 'depart'])
  expect([after.state.items.length, after.state.photos.length, server.photos.size]).toEqual([0, 0, 1])
  expect(await shelf.items()).toEqual([])
})

it('sends again what it has not heard of, and that is no second time', async () => {
  const field = await opened()
  await field.refresh()
  server.line = 'answers are lost'
  await visited(field)
  expect(field.state.items).toHaveLength(4)
  server.line = 'on'
  await field.send()
  expect(server.carriedOut).toEqual(['accept', 'set_out', 'arrive', 'depart'])
  expect(field.state.items).toEqual([])
})

it('tries again by itself, later each time', async () => {
  const field = await opened()
  await field.refresh()
  server.line = 'off'
  await field.say('help', job())
  await settledDown(field)
  later.at(-1)!.work()
  await settledDown(field)
  expect(later.map(({ ms }) => ms)).toEqual([2_000, 4_000])
  server.line = 'on'
  later.at(-1)!.work()
  await settledDown(field)
  expect(server.carriedOut).toEqual(['help'])
})

it('shows what was decided otherwise until it was read, also after the browser was closed', async () => {
  server.verdict = ({ name }) => (name === 'accept' ? { answer: 'otherwise', code: 'given_to_another', params: { name: '刘师傅' } } : { answer: 'done' })
  const field = await opened()
  await field.refresh()
  await field.say('accept', job())
  await settledDown(field)
  expect(field.state.items.map(({ told }) => [told?.code, told?.params])).toEqual([['given_to_another', { name: '刘师傅' }]])
  const again = await opened()
  expect(again.state.items.map(({ told }) => told?.code)).toEqual(['given_to_another'])
  await again.readItem(again.state.items[0]!.id)
  expect([again.state.items, await shelf.items()]).toEqual([[], []])
})

it('lets one that cannot be read stop no other', async () => {
  server.unreadable.add('report')
  const field = await opened()
  await field.refresh()
  server.line = 'off'
  await field.say('accept', job())
  await field.say('report', job(), { words: '?' })
  await field.say('arrive', job())
  await settledDown(field)
  server.line = 'on'
  await field.send()
  expect(server.carriedOut).toEqual(['accept', 'arrive'])
  expect(field.state.items.map(({ name, told }) => [name, told?.code])).toEqual([['report', 'invalid']])
})

it('says of a photograph that was refused why, and the arrival counts', async () => {
  server.photoRefused = 'photo_heic'
  const field = await opened()
  await field.refresh()
  await field.say('arrive', job(), {}, { blob: JPEG, nonce: 'ABCDEF-1' })
  await settledDown(field)
  expect(server.carriedOut).toEqual(['arrive'])
  expect(field.state.photos.map(({ told }) => told?.code)).toEqual(['photo_heic'])
  await field.readPhoto(field.state.photos[0]!.id)
  expect(await shelf.photos()).toEqual([])
})

it('keeps what was said at a door through a closed browser, and sends it once, whatever is the matter with the jobs', async () => {
  const milk = { name: 'round_visit', label: '沈玉兰', body: { visit_id: 71, said: 'no_answer', answers: reactive([]) } } as const
  const put = shelf.putItem
  shelf.putItem = (item) => put(structuredClone(item)) // as a browser keeps it: nothing that Vue has wrapped
  server.verdict = ({ name }) => (name === 'pair_tick' ? { answer: 'otherwise', code: 'said_later', params: { state: 'done' } } : { answer: 'done' })
  const before = await opened()
  await before.refresh()
  server.line = 'off'
  await before.say('accept', job())
  await before.sayAtDoor(milk)
  await before.sayAtDoor({ name: 'pair_tick', label: '王秀', body: { pair_id: 9, said: 'well' } })
  await settledDown(before)

  const after = await opened()
  expect([after.state.items.length, after.state.rounds?.rounds]).toEqual([3, server.rounds])
  server.line = 'on'
  server.broken.add('/commands')
  await after.send()
  await after.send()
  expect(server.carriedOut).toEqual(['round_visit', 'pair_tick'])
  expect(after.state.items.map(({ name, told }) => [name, told?.code])).toEqual([['accept', undefined], ['pair_tick', 'said_later']])
})

it('keeps the queue when the log-in has ended, and sends nothing of it as somebody else', async () => {
  const field = await opened()
  await field.refresh()
  server.loggedIn = false
  await field.say('arrive', job())
  await settledDown(field)
  expect([field.state.line, field.state.items.length]).toEqual(['out', 1])

  server.loggedIn = true
  server.listed = jobs()
  server.listed.who.staff_id = STAFF + 1
  await field.refresh()
  await field.send()
  expect(server.carriedOut).toEqual([])
  server.listed.who.staff_id = STAFF
  await field.refresh()
  await field.send()
  expect(server.carriedOut).toEqual(['arrive'])
})

it('holds what a full phone cannot keep, and says so', async () => {
  const field = await opened()
  await field.refresh()
  server.line = 'off'
  shelf.putItem = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  await field.say('arrive', job())
  await settledDown(field)
  expect([field.state.keeps, field.state.items.length]).toEqual([false, 1])
  server.line = 'on'
  await field.send()
  expect(server.carriedOut).toEqual(['arrive'])
})
