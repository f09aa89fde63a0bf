import { expect, it } from 'vitest'

import { bare, spokenPhone } from './spoken'

it('writes numbers as they are dialled', () => {
  expect(spokenPhone('+8613900100228')).toBe('139 0010 0228')
  expect(spokenPhone('+869998012349')).toBe('0999 801 2349')
  expect(spokenPhone('+8631188886666')).toBe('0311 8888 6666')
  expect(spokenPhone('+861088886666')).toBe('010 8888 6666')
  expect(spokenPhone('+864006661234')).toBe('400 666 1234')
  expect(['120', '+8195001', '031188886666', ''].map(spokenPhone)).toEqual(['120', '+8195001', '031188886666', ''])
  expect(bare('2单元')).toBe('2')
})
