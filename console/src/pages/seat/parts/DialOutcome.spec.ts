import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useCalls } from '@/stores/calls'
import { call, Exchange, leg } from '@/testing/calls'
import { eachInAFreshBrowser, foreignWords, me, remember, show, type Sent } from '@/testing/pages'
import { incident } from '@/testing/views'
import PhoneNumber from '@/telephone/PhoneNumber.vue'
import { useLine, useTelephone, type Purpose } from '@/telephone/telephone'

import DialOutcome from './DialOutcome.vue'

eachInAFreshBrowser({ actions: [...me().actions, 'answer_calls'] })
const mine = incident({ id: 'i', state: 'taken', taken_by: 1 })
const contact: Purpose = { incidentId: 'i', step: 'contact_called', contactId: 4, name: 'Shen Lan' }
let sent: Sent[]

beforeEach(() => {
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => [] }) } })
  sent = remember({
    'GET /telephone': { exchange: true, name: 's', password: 'p', realm: '', way: '/ws/v1/voice', kind: 'page', desk: '', desk_phones: [] },
    'POST /telephone/calls': { id: 'out' }, 'POST /incidents/i/steps': { ...mine, version: 2 },
  })
})

const tell = (parts: object) => useCalls().apply({ type: 'calls', exchange: true, whole: false, calls: [call({ id: 'out', direction: 'out', taken_by: 1, ...parts })] })

async function ready() {
  const exchange = new Exchange()
  useLine(exchange.open)
  const telephone = useTelephone()
  telephone.wished = true
  useCalls().apply({ type: 'calls', exchange: true, calls: [], whole: true })
  await flushPromises()
  exchange.events!.registered()
  await flushPromises()
  return telephone
}

async function dialled(purpose: Purpose, ended: object) {
  await (await ready()).dial('+8613900000001', purpose)
  tell({ state: 'connecting', legs: [leg({ role: 'operator', user_id: 1, is_up: true })] })
  tell({ version: 2, state: 'ended', legs: [], ...ended })
}

describe('a number', () => {
  it('is rung with one click where there is a telephone', async () => {
    await ready()
    const { wrapper } = show(PhoneNumber, 'en', { props: { phone: '+8613900000001', purpose: contact }, slots: { default: '139' } })
    await wrapper.find('button').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /telephone/calls', body: { number: '+8613900000001', incident_id: 'i' } }])
  })

  it('is a link, or plain, where there is none', () => {
    expect(show(PhoneNumber, 'en', { props: { phone: '+8613900000001' } }).wrapper.find('a').attributes('href')).toBe('tel:+8613900000001')
    expect(show(PhoneNumber, 'en', { props: { phone: '+8613900000001', plain: true } }).wrapper.html()).not.toContain('<a')
  })
})

describe('what came of a call', () => {
  it.each([
    ['reached', { answered_at: '2026-11-28T08:00:05Z', cause: 16 }],
    ['busy', { cause: 17 }],
    ['no_answer', { cause: 19 }],
  ] as const)('is ready to be recorded: %s', async (result, ended) => {
    const { wrapper } = show(DialOutcome, 'en', { props: { incidentId: 'i', working: true } })
    await dialled(contact, ended)
    await flushPromises()
    const likely = wrapper.find('.btn--primary')
    expect(likely.attributes('data-test')).toBe(`record-${result}`)
    await likely.trigger('click')
    await flushPromises()
    expect(sent.find(({ path }) => path === 'POST /incidents/i/steps')!.body).toMatchObject({ step: 'contact_called', result, contact_id: 4 })
    expect(wrapper.find('[data-test=dial-outcome]').exists()).toBe(false)
    expect(sent.at(-1)!.path).toBe('POST /telephone/calls/out/wrapped-up')
  })

  it.each(['zh-CN', 'en'] as const)('is not guessed in %s where the exchange does not know; the operator may say it, or nothing', async (language) => {
    const { wrapper, missing } = show(DialOutcome, language, { props: { incidentId: 'i', working: true } })
    await dialled({ ...contact, step: 'call_back' }, { cause: 1 })
    await flushPromises()
    expect(wrapper.find('.btn--primary').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
    await wrapper.find('[data-test=record-not]').trigger('click')
    await flushPromises()
    expect(sent.some(({ path }) => path.startsWith('POST /incidents'))).toBe(false)
  })

  it('is asked for at its own incident alone', async () => {
    const { wrapper } = show(DialOutcome, 'en', { props: { incidentId: 'another', working: true } })
    await dialled(contact, { cause: 17 })
    await flushPromises()
    expect(wrapper.find('[data-test=dial-outcome]').exists()).toBe(false)
  })
})
