import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { CONTEXT, createContext } from '../context'
import { createField } from '../field'
import { inMemory } from '../shelf'
import { FakeServer } from '../testing'
import RoundList from './RoundList.vue'
import type { PhoneRounds, RoundCommand } from './stops'

const stop = { id: 71, n: 1, state: 'pending', name: '沈玉兰', name_latin: 'Shen Yulan', address: '7号楼', address_en: 'Building 7', access_note: '', due_from: null, due_until: null, for_days: 2, todo: '挂门上', note: '', lat: 40, lng: 104 }
const run = { id: 5, name: '早间送奶', kind: 'milk', day: '2026-03-14', state: 'planned', begins_at: '2026-03-13T22:30:00Z', closes_at: '2026-03-14T04:00:00Z', check_list: [] as string[], stops: [stop, { ...stop, id: 72, n: 2 }] }
const pair = { id: 9, code: 10, name: '王秀', name_latin: 'Wang Xiu', address: '8号楼', address_en: 'Building 8', due_at: '2026-03-14T10:00:00Z', said_at: null, said: null }
const rounds = { now: '2026-03-14T07:00:00+08:00', runs: [run], pairs: [pair] } as unknown as PhoneRounds

function shown(given: PhoneRounds = rounds) {
  const sent: RoundCommand[] = []
  const wrapper = mount(RoundList, { props: { rounds: given, today: '2026-03-14', waiting: [], queue: (command: RoundCommand) => sent.push(command), where: async () => ({ lat: 40, lng: 104, accuracy_m: 9 }) }, global: { provide: { [CONTEXT as symbol]: createContext(createField(inMemory(), new FakeServer().ask)) } } })
  return { wrapper, sent }
}

it('says done and nobody opened with one tap each, through the queue', async () => {
  const { wrapper, sent } = shown()
  await wrapper.find('[data-test=done-1]').trigger('click')
  await wrapper.find('[data-test=nobody-2]').trigger('click')
  await flushPromises()
  expect(sent.map(({ name, body }) => [name, body.visit_id, body.said])).toEqual([['round_visit', 71, 'done'], ['round_visit', 72, 'no_answer']])
  expect(sent[0]!.body.fix).toEqual({ lat: 40, lng: 104, accuracy_m: 9 })
  await wrapper.setProps({ waiting: sent })
  expect(wrapper.findAll('[data-test=phone-stop]').map((each) => each.classes())).toEqual([['is-done'], ['is-no_answer']])
})

it('wants to know who says that somebody is away', async () => {
  const { wrapper, sent } = shown()
  const [first] = wrapper.findAll('[data-test=phone-stop]')
  await first!.find('[aria-expanded]').trigger('click')
  expect(first!.find('[data-test=away]').attributes('disabled')).toBeDefined()
  await first!.find('.further input').setValue('邻居')
  await first!.find('[data-test=away]').trigger('click')
  await flushPromises()
  expect(sent[0]!.body).toMatchObject({ said: 'away_known', note: '邻居' })
})

it('asks for the check-list before an inspection is done', async () => {
  const { wrapper, sent } = shown({ ...rounds, runs: [{ ...run, check_list: ['燃气', '烟感'] }] } as unknown as PhoneRounds)
  await wrapper.find('[data-test=done-1]').trigger('click')
  expect(sent).toEqual([])
  await wrapper.findAll('input[type=radio]')[3]!.setValue(true)
  await wrapper.find('.further .done').trigger('click')
  await flushPromises()
  expect(sent[0]!.body.answers).toEqual([{ item: '燃气', well: true, note: '' }, { item: '烟感', well: false, note: '' }])
})

it('ticks a neighbour', async () => {
  const { wrapper, sent } = shown()
  await wrapper.find('[data-test=phone-pair] .done').trigger('click')
  expect(sent[0]).toMatchObject({ name: 'pair_tick', body: { pair_id: 9, said: 'well' } })
})

it('walks the round of today on a list of yesterday, and looks at that of tomorrow only', () => {
  const { wrapper } = shown({ ...rounds, runs: [{ ...run, id: 4, day: '2026-03-13' }, run, { ...run, id: 6, day: '2026-03-15' }] } as unknown as PhoneRounds)
  const taps = wrapper.findAll('article').map((each) => each.findAll('[data-test=done-1]').length)
  expect(taps).toEqual([1, 1, 0, 0])
})
