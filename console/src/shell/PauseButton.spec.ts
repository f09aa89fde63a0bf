import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'

import type { SeatView } from '@/api/wire'
import { useDuty } from '@/stores/duty'
import { useSeats } from '@/stores/seats'
import { foreignWords, logIn, show } from '@/testing/pages'

import PauseButton from './PauseButton.vue'

/** The operator of the tests, as the server has them. */
const own = (state: SeatView['state']): SeatView => ({
  user_id: 1, name: '林晓雯', name_en: 'Lin Xiaowen', armed: true, region_ids: [1], state, pause: null, since: null,
})

describe('a pause', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    await logIn()
    useDuty().onDuty = true
    useSeats().seats = [own('ready')]
  })

  it.each(['zh-CN', 'en'] as const)('is taken with a reason, by keyboard, and ended by one button, in %s', async (language) => {
    const { wrapper, missing } = show(PauseButton, language)
    const duty = useDuty()
    await wrapper.get('[data-test=pause]').trigger('click')
    await nextTick()
    await wrapper.get('[role=menu]').trigger('keydown', { key: '3' })
    expect(duty.pause).toBe('training')
    expect(wrapper.find('[data-test=pause]').exists()).toBe(false)
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
    await wrapper.get('[data-test=resume]').trigger('click')
    expect([duty.pause, duty.wishes]).toEqual([null, 2])
    expect(missing).toEqual([])
  })

  it.each([
    ['ready', true, false],
    ['busy', false, false],
    ['wrap_up', true, true],
    ['pause', false, true],
  ] as const)('while %s: may be taken %s, may be ended %s', (state, taken, ended) => {
    useSeats().seats = [own(state)]
    const { wrapper } = show(PauseButton, 'en')
    expect([wrapper.find('[data-test=pause]').exists(), wrapper.find('[data-test=resume]').exists()]).toEqual([taken, ended])
  })

  it('is over when the operator says so at another console, not when the line was lost', async () => {
    const duty = useDuty()
    duty.takePause('meal')
    for (const state of ['pause', 'off', 'pause'] as const) useSeats().seats = [own(state)]
    expect(duty.pause).toBe('meal')
    useSeats().seats = [own('ready')]
    expect(duty.pause).toBeNull()
  })

  it('is nothing for whoever is not on duty', () => {
    useDuty().onDuty = false
    expect(show(PauseButton, 'en').wrapper.text()).toBe('')
  })
})
