import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { away, fillBrowser, foreignWords, logIn, refusal, serve, show } from '@/testing/pages'

import DrillsPage from './DrillsPage.vue'

const press = { home_id: 5, label: '7号楼', label_en: 'Bldg 7', kind: 'sos', after_s: 10 }
const drill = {
  id: 3, title: '夜间演练', region_id: 1, started_at: '2026-11-22T04:00:00Z', started_by_name: '李班长', until_at: '2026-11-22T05:00:00Z', paused_at: null, paused_s: 0, ended_at: null, ending: null,
  ended_by_name: null, presses: [{ ...press, id: 'a', number: 1, due_at: '2026-11-22T04:00:10Z', state: 'waiting', made_at: null, incident_id: null }],
}
const line = {
  number: 1, label: '7号楼', label_en: 'Bldg 7', kind: 'sos', due_at: '2026-11-22T04:00:10Z', state: 'made', incident_id: 'i', incident_number: 37, again: false, rang_at: '2026-11-22T04:00:10Z',
  seen_at: null, sounding_at: null, taken_at: '2026-11-22T04:00:20Z', taken_by: '王同志', first_step_at: null, closed_at: null, outcome: null, in_time: [], made: ['supervisors'], not_made: ['duty'],
  texts: [{ recipient: '139****0001', name: '沈岚', text: '【演练】' }],
}
const report = { drill, report: { presses: [line, { ...line, number: 2, again: true }, { ...line, number: 3, state: 'missed' }], reaches: [{ seconds: 15, permille: 900, decided: 1, met: 1, reached: true }] } }
const scripts = [{ script: 'one_at_night', presses: [press, { ...press, kind: 'fall', after_s: 60 }] }, { script: 'smoke', presses: [{ ...press, kind: 'smoke' }] }]
const region = { id: 1, name: '榆荫里', name_en: 'Yuyinli', path: [1], level: 'community' }
const answers = { '/drills': [drill], '/drills/3': drill, '/drills/3/report': report, '/regions': [region], '/regions/1/drill-scripts': scripts }

// two texts that stand beside each other
const brought = [drill, report, region, `${drill.started_by_name}${drill.title}`]

describe('the page of drills', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('shows in %s what runs, what comes next and how it was met, and stops it', async (language) => {
    serve(answers)
    const { wrapper, missing } = show(DrillsPage, language)
    await flushPromises()
    await wrapper.find('[data-test=drill-3]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=drill-next]').exists()).toBe(true)
    expect(wrapper.findAll('[data-test=reported]')).toHaveLength(3)
    expect(wrapper.find('[data-test=reported]').text()).toContain('139****0001')
    expect(wrapper.find('[data-test=drill-print]').attributes('href')).toContain('/drills/3/print')
    if (language === 'en') expect(foreignWords(wrapper.text(), brought)).toEqual([])
    const over = { ...drill, ending: 'stopped', ended_at: '2026-11-22T04:01:00Z', presses: [] }
    serve({ ...answers, '/drills/3/stop': over, '/drills': [over] })
    await wrapper.find('[data-test=drill-stop]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=drill-stop]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('asks before it starts one, with a ready-made script at homes of the region', async () => {
    serve({ ...answers, '/drills': [] })
    const { wrapper, missing } = show(DrillsPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=no-drills]').exists()).toBe(true)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'p', bubbles: true }))
    await flushPromises()
    expect(wrapper.findAll('[data-test=planned]')).toHaveLength(2)
    await wrapper.find('[data-test=drill-script]').setValue('smoke')
    expect(wrapper.findAll('[data-test=planned]')).toHaveLength(1)
    await wrapper.find('form').trigger('submit')
    serve({ ...answers, '/drills': refusal(409, 'real_alarms_wait') })
    await wrapper.find('[data-test=drill-start]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=drill-refused]').text()).toContain('Real alarms wait')
    serve({ ...answers, '/drills': drill })
    await wrapper.find('form').trigger('submit')
    await wrapper.find('[data-test=drill-start]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=drill-state]').exists()).toBe(true)
    expect(missing).toEqual([])
  })

  it('waits for an office that is away', async () => {
    serve({ '/drills': away() })
    const { wrapper } = show(DrillsPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
