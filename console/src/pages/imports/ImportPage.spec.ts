import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ImportReport } from '@/api/records'
import { away, foreignWords, logIn, serve, show } from '@/testing/pages'

import { useBringing } from './bringing'
import ImportPage from './ImportPage.vue'

const report: ImportReport = {
  job: 'j', dry_run: true, mode: 'all_or_nothing', total: 3, good: 2, written: 0, ignored_columns: [],
  bad: [{ row: 3, name: '乙', reasons: [{ column: '电话', code: 'mangled', value: '3.7E+17', message: 'was turned into an amount', message_zh: '被改成了数值' }] }],
}

describe('the import', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    serve({ '/regions': [{ id: 6, name: '榆荫里', name_en: 'Yuyinli', level: 'community' }] })
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('reads in %s at every stage', async (language) => {
    const { wrapper, missing } = show(ImportPage, language)
    await flushPromises()
    const bringing = useBringing()
    bringing.report = report
    bringing.imported = { ...report, written: 2 }
    for (const stage of ['choose', 'checking', 'checked', 'importing', 'done'] as const) {
      bringing.stage = stage
      await flushPromises()
      if (language === 'en') expect(foreignWords(wrapper.html(), report), stage).toEqual([])
    }
    expect(missing).toEqual([])
  })

  it('offers the good rows alone where some are bad', async () => {
    const { wrapper } = show(ImportPage, 'en')
    const bringing = useBringing()
    bringing.report = report
    bringing.stage = 'checked'
    await flushPromises()
    expect(wrapper.findAll('tbody tr')).toHaveLength(1)
    expect(wrapper.find('.checked .btn--primary').text()).toContain('2')
  })

  it('says so where the office is away, and keeps the choice of a file', async () => {
    serve({ '/': away() })
    const { wrapper } = show(ImportPage, 'zh-CN')
    await flushPromises()
    expect(wrapper.find('[data-test=office-away]').text()).toContain('片刻后恢复')
    expect(wrapper.find('.drop').exists()).toBe(true)
  })
})
