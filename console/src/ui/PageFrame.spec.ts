import { expect, it } from 'vitest'

import { eachInAFreshBrowser, show } from '@/testing/pages'

import PageFrame from './PageFrame.vue'

eachInAFreshBrowser()

it('has a heading, and a part that scrolls and can be reached by keyboard', () => {
  const { wrapper } = show(PageFrame, 'en', { props: { title: 'People', busy: true }, slots: { default: '<p>rows</p>', count: '3' } })
  expect(wrapper.get('h1').text()).toBe('People 3')
  const body = wrapper.get('[role=region]')
  expect(body.attributes()).toMatchObject({ tabindex: '0', 'aria-label': 'People', 'aria-busy': 'true' })
  expect(body.text()).toBe('rows')
  expect(wrapper.classes()).not.toContain('is-open')
})

it('makes room for what lies open beside the list', () => {
  const { wrapper } = show(PageFrame, 'en', { props: { title: 'People' }, slots: { beside: '<aside>one</aside>' } })
  expect(wrapper.classes()).toContain('is-open')
  expect(wrapper.get('main > aside').text()).toBe('one')
})
