/* eslint-disable vue/one-component-per-file -- three small ones make a shell with two pages */
/** A page with unsaved work survives the look at another one. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, KeepAlive, nextTick, ref } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'

import { isKept, keptComponents, useUnsaved } from './unsaved'

const dirty = ref(false)
const made = vi.fn()

const FormPage = defineComponent({
  name: 'FormPage',
  setup() {
    made()
    useUnsaved('FormPage', dirty)
    return () => h('input')
  },
})
const SeatPage = defineComponent({ name: 'SeatPage', render: () => h('p') })

afterEach(() => (dirty.value = false))

async function formOpen() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/form', component: FormPage }, { path: '/', component: SeatPage }] })
  await router.push('/form')
  const shell = defineComponent({
    render: () => h(RouterView, null, { default: ({ Component }: { Component: object }) => h(KeepAlive, { include: keptComponents.value }, () => h(Component)) }),
  })
  const wrapper = mount(shell, { global: { plugins: [router] } })
  const thereAndBack = async () => {
    await router.push('/')
    await router.push('/form')
    await nextTick()
  }
  return { wrapper, thereAndBack }
}

it('lies there as it was left', async () => {
  const { wrapper, thereAndBack } = await formOpen()
  await wrapper.find('input').setValue('half a name')
  dirty.value = true
  await nextTick()
  expect(isKept('/form')).toBe(true)
  await thereAndBack()
  expect(wrapper.find('input').element.value).toBe('half a name')
  wrapper.unmount()
  expect(isKept('/form')).toBe(false)
})

it('is made anew where nothing was unsaved', async () => {
  const { wrapper, thereAndBack } = await formOpen()
  made.mockClear()
  await thereAndBack()
  expect(made).toHaveBeenCalledOnce()
  wrapper.unmount()
})

it('asks before the browser goes, only while something would be lost', async () => {
  const { wrapper } = await formOpen()
  const goes = () => dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(goes()).toBe(true)
  dirty.value = true
  await nextTick()
  expect(goes()).toBe(false)
  dirty.value = false
  await nextTick()
  expect(goes()).toBe(true)
  wrapper.unmount()
})
