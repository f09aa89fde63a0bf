import { afterEach, expect, it } from 'vitest'

import { enlargement } from './enlarged'

afterEach(() => document.documentElement.removeAttribute('style'))

it('is that of the letters of the page', () => {
  expect(enlargement()).toBe(1)
  document.documentElement.style.fontSize = '24px'
  expect(enlargement()).toBe(1.5)
})
