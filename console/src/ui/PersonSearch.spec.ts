import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, remember, show } from '@/testing/pages'

import PersonSearch from './PersonSearch.vue'

const shen = { id: 1, home_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, status: 'home', address: '榆荫里7号楼', address_en: 'Yuyinli 7', phone: '+8613900001001' }
const he = { ...shen, id: 2, name: '贺长林', name_latin: 'He Changlin', phone: null }

describe('the search for a resident', () => {
  eachInAFreshBrowser({}, { frozen: true })

  async function typing(answers: Record<string, unknown>, text = 'shen') {
    const sent = remember(answers)
    const shown = show(PersonSearch, 'en', { props: { label: 'Who?', nobody: 'Nobody found.' } })
    await shown.wrapper.find('input').setValue(text)
    await vi.advanceTimersByTimeAsync(300)
    return { ...shown, sent }
  }
  const focused = () => document.activeElement?.textContent ?? ''

  it('begins in its field and is walked by arrows, out of it and back', async () => {
    const { wrapper, missing } = await typing({ 'POST /residents/search': { items: [shen, he] } })
    const press = (key: string) => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    expect(document.activeElement?.tagName).toBe('INPUT')
    press('ArrowDown')
    expect(focused()).toContain('Shen Yulan')
    press('ArrowDown')
    press('ArrowDown')
    expect(focused()).toContain('He Changlin')
    press('ArrowUp')
    press('ArrowUp')
    expect(document.activeElement?.tagName).toBe('INPUT')
    await wrapper.findAll('button')[1]!.trigger('click')
    expect(wrapper.emitted('chosen')).toEqual([[he]])
    expect(missing).toEqual([])
  })

  it('asks once for what was typed in one go', async () => {
    const { wrapper, sent } = await typing({ 'POST /residents/search': { items: [] } }, 's')
    await wrapper.find('input').setValue('sh')
    await wrapper.find('input').setValue('she')
    await vi.advanceTimersByTimeAsync(300)
    expect(sent.map(({ body }) => body.q)).toEqual(['s', 'she'])
  })

  it('says what to do when there is nobody, and that the office is away', async () => {
    const { wrapper } = await typing({ 'POST /residents/search': { items: [] } })
    expect(wrapper.find('[role=status]').text()).toBe('Nobody found.')
    wrapper.unmount()
    expect((await typing({ 'POST /residents/search': away() })).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
