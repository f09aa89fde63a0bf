import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'

import { eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'

import ColumnChoice from './ColumnChoice.vue'
import { useColumns } from './columns'

describe('the choice of columns', () => {
  eachInAFreshBrowser()

  async function opened(language: 'zh-CN' | 'en' = 'en') {
    const columns = useColumns('people', [{ name: 'name', title: () => 'N' }, { name: 'phone', title: () => 'P' }, { name: 'age', title: () => 'A' }])
    const shown = show(ColumnChoice, language, { props: { columns } })
    await shown.wrapper.get('[data-test=columns]').trigger('click')
    await nextTick()
    return { ...shown, columns }
  }

  it.each(['zh-CN', 'en'] as const)('ticks in %s what is shown, and leaves the first alone', async (language) => {
    const { wrapper, columns, missing } = await opened(language)
    expect(wrapper.get<HTMLInputElement>('[data-test=column-name]').element.disabled).toBe(true)
    await wrapper.get('[data-test=column-phone]').setValue(false)
    expect(columns.shown.value.map(({ name }) => name)).toEqual(['name', 'age'])
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('is worked by keyboard, and gives the focus back', async () => {
    const { wrapper } = await opened()
    const at = () => (document.activeElement as HTMLElement).dataset.test
    expect(at()).toBe('column-phone')
    await wrapper.get('fieldset').trigger('keydown', { key: 'ArrowDown' })
    expect(at()).toBe('column-age')
    await wrapper.get('fieldset').trigger('keydown', { key: 'Escape' })
    expect([at(), wrapper.find('fieldset').exists()]).toEqual(['columns', false])
  })
})
