import { expect, it } from 'vitest'

import { asIfSaid, left, pairsAsIfSaid, tickCommand, visitCommand, type PhonePair, type PhoneStop } from './stops'

const stop = (id: number, state: PhoneStop['state'] = 'pending') => ({ id, n: id, state, name: '沈玉兰', address: '7号楼', note: '' }) as PhoneStop
const pair = { id: 4, name: '', address: '8号楼', said: null } as PhonePair

it('shows what waits in the queue as if it had been heard, the last word of each stop', () => {
  const waiting = [visitCommand(stop(1), 'no_answer', null), visitCommand(stop(1), 'done', null), visitCommand(stop(2), 'away_known', null, { note: '去女儿家' })]
  const shown = asIfSaid([stop(1), stop(2), stop(3, 'done')], waiting)
  expect(shown.map(({ state, unsent }) => [state, unsent])).toEqual([['done', true], ['away_known', true], ['done', false]])
  expect(shown[1]!.note).toBe('去女儿家')
  expect(left(shown)).toBe(0)
})

it('sends where the phone was, or nothing of it', () => {
  const here = { lat: 40, lng: 104, accuracy_m: 8 }
  expect(visitCommand(stop(1), 'done', here).body).toMatchObject({ visit_id: 1, said: 'done', fix: here })
  expect('fix' in visitCommand(stop(1), 'done', null).body).toBe(false)
})

it('ticks a pair, named by its address where no name is known', () => {
  const word = tickCommand(pair, 'well')
  expect(word.label).toBe('8号楼')
  expect(pairsAsIfSaid([pair], [word])[0]).toMatchObject({ said: 'well', unsent: true })
})
