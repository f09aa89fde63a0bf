import { nextTick } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'

import { show } from '@/testing/pages'

import ChoiceMenu from './ChoiceMenu.vue'

const choices = [{ value: 'reached', text: 'Reached' }, { value: 'busy', text: 'Busy' }]
const slot = '<template #default="{ show }"><button type="button" class="opener" @click="show">Call</button></template>'

async function menu() {
  const chosen: string[] = []
  const { wrapper } = show(ChoiceMenu, 'en', { props: { choices, onChoose: (value: string) => chosen.push(value) }, slots: { default: slot } })
  await wrapper.find('.opener').trigger('click')
  await nextTick()
  const press = (key: string) => wrapper.find('[role=menu]').trigger('keydown', { key })
  return { wrapper, chosen, press, focused: () => document.activeElement?.textContent?.trim() }
}

describe('a menu of results', () => {
  afterEach(() => document.body.replaceChildren())

  it('is chosen from by a digit', async () => {
    const { chosen, press, wrapper } = await menu()
    await press('2')
    expect(chosen).toEqual(['busy'])
    expect(wrapper.find('[role=menu]').exists()).toBe(false)
  })

  it('is walked by arrows, round the end, and gives the focus back on Escape', async () => {
    const { press, focused, chosen } = await menu()
    expect(focused()).toContain('Reached')
    await press('ArrowUp')
    expect(focused()).toContain('Busy')
    await press('ArrowDown')
    expect(focused()).toContain('Reached')
    await press('Escape')
    expect(focused()).toBe('Call')
    expect(chosen).toEqual([])
  })
})
