import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'

import { CONTEXT, createContext } from './context'
import { createField } from './field'
import LogIn from './LogIn.vue'
import { inMemory } from './shelf'
import { FakeServer } from './testing'

afterEach(() => vi.unstubAllGlobals())

const refusing = (status: number, code: string) => async () => new Response(JSON.stringify({ error: { code, message: '', params: { retry_after_s: 60 } } }), { status, headers: { 'Content-Type': 'application/json' } })

async function asksForDigits(answer: () => Promise<Response>) {
  vi.stubGlobal('fetch', vi.fn(answer))
  const wrapper = mount(LogIn, { props: { code: '' }, global: { provide: { [CONTEXT as symbol]: createContext(createField(inMemory(), new FakeServer().ask)) } } })
  await wrapper.find('[data-test=number]').setValue('13800001001')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  return wrapper
}

it('takes the digits of the text before where the next one has to wait', async () => {
  const wrapper = await asksForDigits(refusing(429, 'too_many_attempts'))
  expect(wrapper.find('[data-test=refused]').text()).toContain('60')
  expect(wrapper.find('[data-test=digits]').exists()).toBe(true)
})

it('asks for no digits after a number that is none', async () => {
  const wrapper = await asksForDigits(refusing(422, 'invalid_phone'))
  expect(wrapper.find('[data-test=refused]').exists()).toBe(true)
  expect(wrapper.find('[data-test=digits]').exists()).toBe(false)
})
