import { expect, it } from 'vitest'

import { asIfSent, nextBatch, onDuty, pauseAfter, settled, waiting, type Item } from './queue'
import { job, STAFF } from './testing'

let seq = 0
const item = (name: Item['name'], parts: Partial<Item> = {}): Item => ({
  id: `c${++seq}`, seq, staff_id: STAFF, name, task_id: 'task-1', label: '', said_at: '2026-11-28T09:00:00Z', clock_error_s: 0, body: {}, ...parts,
})
const answer = (id: string, said: string, code = '') => ({ id, answer: said, code, params: {} })

it('sends from the head of the queue, each after the one before it for the same job', () => {
  const [accept, other, arrive, depart] = [item('accept'), item('arrive', { task_id: 'task-2' }), item('arrive'), item('depart')]
  const batch = nextBatch([depart, arrive, other, accept], STAFF)
  expect(batch.map(({ id, after }) => [id, after])).toEqual([[accept.id, null], [other.id, null], [arrive.id, accept.id], [depart.id, arrive.id]])
  expect(nextBatch([accept, arrive, depart], STAFF, 2).map(({ id }) => id)).toEqual([accept.id, arrive.id])
})

it('sends what was said at a door to the address of rounds, and nothing else there', () => {
  const items = [item('accept'), item('round_visit', { task_id: null }), item('pair_tick', { task_id: null })]
  expect(nextBatch(items, STAFF).map(({ name }) => name)).toEqual(['accept'])
  expect(nextBatch(items, STAFF, 9, '/rounds/commands').map(({ name }) => name)).toEqual(['round_visit', 'pair_tick'])
})

it('never sends what another person did with this phone', () => {
  expect(nextBatch([item('accept', { staff_id: 8 })], STAFF)).toEqual([])
})

it('lets go of what is done, keeps what was decided otherwise to be read, and waits on with what came too early', () => {
  const [done, otherwise, refused, early, unheard] = [item('accept'), item('arrive'), item('report'), item('depart'), item('help')]
  const after = settled(
    [done, otherwise, refused, early, unheard],
    [answer(done.id, 'done'), answer(otherwise.id, 'otherwise', 'given_to_another'), answer(refused.id, 'refused', 'no_such_task'), answer(early.id, 'too_early')],
    'now',
  )
  expect(after.map(({ id, told }) => [id, told?.code])).toEqual([[otherwise.id, 'given_to_another'], [refused.id, 'no_such_task'], [early.id, undefined], [unheard.id, undefined]])
  expect(waiting(after, STAFF).map(({ id }) => id)).toEqual([early.id, unheard.id])
})

it('shows a job as it will stand, and says that this was not sent', () => {
  const [shown] = asIfSent([job()], [item('accept'), item('set_out'), item('arrive')], STAFF)
  expect([shown!.state, shown!.mine, shown!.unsent]).toEqual(['arrived', true, 3])
  expect(asIfSent([job()], [item('decline')], STAFF)).toEqual([])
  const [untouched] = asIfSent([job()], [item('arrive', { staff_id: 8 })], STAFF)
  expect([untouched!.state, untouched!.unsent]).toEqual(['offered', 0])
})

it('knows the duty as it was said last', () => {
  expect(onDuty(null, [item('on_duty', { task_id: null, said_at: 'nine' })], STAFF)).toBe('nine')
  expect(onDuty('eight', [item('on_duty', { task_id: null })], STAFF)).toBe('eight')
  expect(onDuty('eight', [item('off_duty', { task_id: null })], STAFF)).toBeNull()
})

it('waits longer after each failure, to a minute and a bit, and no two phones alike', () => {
  expect([1, 2, 3, 9].map((failures) => pauseAfter(failures, 0.5))).toEqual([2000, 4000, 8000, 60000])
  expect(pauseAfter(1, 0)).toBeLessThan(pauseAfter(1, 1))
})

it('shows a wish no more once it was ticked off, and those of other jobs still', () => {
  const wish = { id: 'w1', words: '让护理员陪我唠唠嗑', whose: '', said_at: '2026-11-12T09:00:00Z' }
  const other = job({ id: 'task-2', wishes: [wish] })
  const queue = [{ id: 'a', seq: 1, staff_id: STAFF, name: 'wish' as const, task_id: 'task-1', label: '', said_at: '', clock_error_s: 0, body: { wish_id: 'w1', words: '聊了' } }]
  const [ticked, left] = asIfSent([job({ wishes: [wish, { ...wish, id: 'w2' }] }), other], queue, STAFF)
  expect(ticked!.wishes.map((each) => each.id)).toEqual(['w2'])
  expect(left!.wishes).toHaveLength(1)
  expect(asIfSent([{ ...other, wishes: undefined as never }], [], STAFF)[0]!.wishes).toEqual([])
})
