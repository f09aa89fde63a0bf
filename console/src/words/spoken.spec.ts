import { expect, it } from 'vitest'

import { bare, spokenPhone } from './spoken'

it('writes numbers as they are dialled', () => {
  expect(spokenPhone('+8613900100228')).toBe('139 0010 0228')
  expect(spokenPhone('+869998012349')).toBe('09998012349')
  expect(bare('2单元')).toBe('2')
})
