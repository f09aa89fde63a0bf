import { describe, expect, it } from 'vitest'

import type { Draft, Field } from '@/domain/form'
import { show } from '@/testing/pages'

import FieldGrid from './FieldGrid.vue'

const fields: Field[] = [{ key: 'name', kind: 'text', required: true }, { key: 'medicines', kind: 'note', english: true }, { key: 'welfare', kind: 'choices', options: ['no_family', 'preferential'] }]
const draft: Draft = { name: '沈玉兰', medicines: '', welfare: ['preferential'], english: {} }
const problem = { column: 'name', code: 'missing', value: '', message: 'is missing', message_zh: '没有填写' }

function grid(language: 'zh-CN' | 'en') {
  const sent: Draft[] = []
  const props = { fields, prefix: 'p', words: 'residents', modelValue: draft, problems: [problem], 'onUpdate:modelValue': (now: Draft) => sent.push(now) }
  return { ...show(FieldGrid, language, { props }), sent }
}

describe('the fields of a form', () => {
  it.each([['zh-CN', '没有填写'], ['en', 'is missing']] as const)('name every field and its problem in %s', (language, text) => {
    const { wrapper, missing } = grid(language)
    expect(wrapper.find('.error-text').text()).toBe(text)
    expect(wrapper.find('#p-name').attributes()).toMatchObject({ 'aria-invalid': 'true', 'aria-describedby': 'p-name-note' })
    expect(wrapper.findAll('label').every((label) => label.text())).toBe(true)
    expect(missing).toEqual([])
  })

  it('send a changed draft and leave the old one alone', async () => {
    const { wrapper, sent } = grid('en')
    await wrapper.find('#p-name').setValue('陈')
    await wrapper.find('#p-medicines-en').setValue('warfarin')
    await wrapper.find('input[type=checkbox]').setValue(true)
    expect(sent.map(({ name, english, welfare }) => ({ name, english, welfare }))).toEqual([
      { name: '陈', english: {}, welfare: ['preferential'] },
      { name: '沈玉兰', english: { medicines: 'warfarin' }, welfare: ['preferential'] },
      { name: '沈玉兰', english: {}, welfare: ['preferential', 'no_family'] },
    ])
    expect(draft).toEqual({ name: '沈玉兰', medicines: '', welfare: ['preferential'], english: {} })
  })
})
