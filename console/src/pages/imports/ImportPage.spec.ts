import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ApiError } from '@/api/http'
import type { ImportReport } from '@/api/records'
import { away, foreignWords, logIn, serve, show } from '@/testing/pages'

import { useBringing } from './bringing'
import ImportPage from './ImportPage.vue'

const report: ImportReport = {
  job: 'j', dry_run: true, mode: 'all_or_nothing', in_file: 4, total: 3, good: 2, written: 0, ignored_columns: [],
  ignored_sheets: [{ name: '二组', rows: 12 }],
  unknown_words: [{ column: '类别', word: '神仙', count: 2 }],
  left_out: [{ row: 5, text: '合计：3人' }],
  remarks: [{ row: 2, name: '甲', reasons: [{ column: '出生年月', code: 'month_only', value: '1943.06', message: 'is a month; its first day is kept', message_zh: '只有年月，按当月1日录入' }] }],
  bad: [{ row: 3, name: '乙', reasons: [{ column: '电话', code: 'mangled', value: '3.7E+17', message: 'was turned into an amount', message_zh: '被改成了数值' }] }],
}

describe('the import', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    serve({ '/residents/import/words': [], '/regions': [{ id: 6, name: '榆荫里', name_en: 'Yuyinli', level: 'community' }] })
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

  it('shows the rows in the file beside those that were read, and what was not read or read otherwise', async () => {
    const { wrapper } = show(ImportPage, 'zh-CN')
    const bringing = useBringing()
    bringing.report = report
    bringing.stage = 'checked'
    await flushPromises()
    expect(wrapper.find('.counts').text()).toContain('文件中的行4读到3没有问题2已写入0')
    expect(wrapper.find('[role=alert]').text()).toContain('“二组”（12 行）')
    expect(wrapper.find('.left-out').text()).toContain('合计：3人')
    expect(wrapper.find('.remarks:not(.left-out)').text()).toContain('1943.06')
  })

  it('tells the row of a quotation mark that swallows people', async () => {
    const { wrapper } = show(ImportPage, 'zh-CN')
    useBringing().failure = new ApiError(422, 'unclosed_quote', '', { row: 2, line: 2 })
    await flushPromises()
    expect(wrapper.find('.failure').text()).toContain('第 2 行')
  })

  it('says so where the office is away, and keeps the choice of a file', async () => {
    serve({ '/': away() })
    const { wrapper } = show(ImportPage, 'zh-CN')
    await flushPromises()
    expect(wrapper.find('[data-test=office-away]').text()).toContain('片刻后恢复')
    expect(wrapper.find('.drop').exists()).toBe(true)
  })
})
