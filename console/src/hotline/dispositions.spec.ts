import { describe, expect, it } from 'vitest'

import { groupsOf } from './dispositions'
import { dispositions } from './testing'

describe('the words of a call', () => {
  it('stand in groups; what is not offered, and what nobody chooses, is left out', () => {
    const found = groupsOf(dispositions).map((group) => [group.code, group.leaves.map((each) => each.code)])
    expect(found).toEqual([['emergency', ['fall']], ['feedback', ['praise', 'complaint']], ['care', ['visit']], ['other', ['wrong_number']]])
  })

  it('stand alone where they have no group', () => {
    const [alone] = groupsOf([{ ...dispositions[3]!, parent: null }])
    expect([alone!.head, alone!.leaves.map((each) => each.code)]).toEqual([null, ['praise']])
  })

  it('of a group that is no longer offered stand alone rather than nowhere', () => {
    const found = groupsOf(dispositions.map((each) => (each.code === 'feedback' ? { ...each, is_offered: false } : each)))
    expect(found.at(-1)!.leaves.map((each) => each.code)).toEqual(['praise', 'complaint'])
  })
})
