import { afterEach, describe, expect, it } from 'vitest'

import type { ImportReport } from '@/api/records'
import { show } from '@/testing/pages'

import FourCounts from './FourCounts.vue'

const report = { in_file: 4, total: 3, good: 2, written: 0 } as ImportReport

describe('four counts', () => {
  afterEach(() => document.body.replaceChildren())

  it.each(['zh-CN', 'en'] as const)('stand side by side in %s, and what is less than the file is marked', (language) => {
    const { wrapper, missing } = show(FourCounts, language, { props: { report } })
    expect(wrapper.findAll('dd').map((each) => each.text())).toEqual(['4', '3', '2', '0'])
    expect(wrapper.findAll('.is-less')).toHaveLength(2)
    expect(missing).toEqual([])
  })
})
