import { afterEach, describe, expect, it } from 'vitest'

import { show } from '@/testing/pages'

import WordForm from './WordForm.vue'

describe('the meaning of a word', () => {
  afterEach(() => document.body.replaceChildren())

  it('is one of those of what it says something of', async () => {
    const { wrapper } = show(WordForm, 'en', { props: { word: '五色户', busy: false } })
    await wrapper.find('[data-test=word-subject]').setValue('living')
    await wrapper.find('form').trigger('submit')
    await wrapper.find('[data-test=word-subject]').setValue('note')
    expect(wrapper.find('[data-test=word-value]').exists()).toBe(false)
    await wrapper.find('form').trigger('submit')
    expect(wrapper.emitted('say')).toEqual([[{ word: '五色户', subject: 'living', value: 'alone' }], [{ word: '五色户', subject: 'note', value: '' }]])
  })
})
