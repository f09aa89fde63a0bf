import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, me, remember, show } from '@/testing/pages'

import CallPolicies from './CallPolicies.vue'

const chased = { pauses_min: [1_440, 4_320], horizon_min: 10_080, after: null }
const above = {
  well_being: { pauses_min: [15, 60], horizon_min: 240, after: null }, roll_call: { pauses_min: [10, 30], horizon_min: null, after: null }, door: { pauses_min: [20], horizon_min: null, after: null },
  silent_device: { ...chased, after: 3 }, low_battery: chased, press_test: chased, idle_device: { ...chased, after: 90 }, satisfaction: chased, notice: chased,
}
const view = { region_id: 2, state: 'one', policies: { low_battery: chased }, above }
const regions = [{ id: 1, parent_id: null, path: [1], name: '全市', name_en: 'All' }, { id: 2, parent_id: 1, path: [1, 2], name: '榆荫街道', name_en: 'Yuyin Street' }]
const change = { at: '2026-11-22T03:00:00Z', what: 'call_policies_changed', name: '林晓雯', name_en: 'Lin Xiaowen', before: { policies: {} }, after: { policies: { low_battery: { horizon_min: 10_080 } } }, fields: [] }
const usual = { 'GET /regions': regions, 'GET /calls/policies/2': view, 'GET /regions/2/changes': [change], 'PATCH /calls/policies/2': { ...view, state: 'two' } }
const refused = (params: object) => new Response(JSON.stringify({ error: { code: 'policy_hole', message: 'in English', params } }), { status: 422 })

describe('how calls are made in a region', () => {
  eachInAFreshBrowser({ actions: [...me().actions, 'manage_calls'], grants: [{ role: 'supervisor', region_id: 2 }] })

  async function part(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = usual) {
    const sent = remember(answers)
    const shown = show(CallPolicies, language)
    await flushPromises()
    return { ...shown, sent, field: (name: string) => shown.wrapper.find<HTMLInputElement>(`#calls-${name}`) }
  }
  const save = async ({ wrapper }: Awaited<ReturnType<typeof part>>) => {
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
  }

  it.each(['en', 'zh-CN'] as const)('shows in %s what the region says and what it has from above', async (language) => {
    const { wrapper, missing, field } = await part(language)
    expect(wrapper.find('[data-test=calls-policy-well_being]').text()).toContain('15, 60')
    expect(wrapper.find('[data-test=calls-policy-well_being]').text()).toContain(language === 'en' ? 'As All' : '全市')
    expect(field('low_battery-pauses_min').element.value).toBe('24, 72')
    expect(wrapper.find('[data-test=log-entry]').text()).toContain('10080')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('saves only the kinds that were changed, in minutes', async () => {
    const made = await part()
    await made.wrapper.find('[data-test=calls-policy-silent_device] input').setValue(true)
    await made.field('silent_device-pauses_min').setValue('12')
    await made.field('silent_device-after').setValue('5')
    await save(made)
    expect(made.sent.at(-1)).toEqual({ path: 'PATCH /calls/policies/2', body: { state: 'one', policies: { silent_device: { pauses_min: [720], horizon_min: 10_080, after: 5 } } } })
  })

  it('sends nothing that is no number, says so at the field, and goes there', async () => {
    const made = await part('zh-CN')
    await made.field('low_battery-pauses_min').setValue('明天')
    await save(made)
    expect(made.sent).toEqual([])
    expect(made.wrapper.find('#calls-low_battery-pauses_min-note').text()).toContain('只能填数字')
    expect(document.activeElement?.id).toBe('calls-low_battery-pauses_min')
  })

  it('says the bounds of a refusal in the unit of its field, in the language of the screen', async () => {
    const made = await part('zh-CN', { ...usual, 'PATCH /calls/policies/2': refused({ kind: 'low_battery', field: 'horizon_min', reason: 'bounds', least: 1_440, most: 40_320 }) })
    await made.field('low_battery-horizon_min').setValue('90')
    await save(made)
    expect(made.wrapper.find('#calls-low_battery-horizon_min-note').text()).toBe('必须在 1 到 28 之间。')
    expect(made.wrapper.text()).not.toContain('in English')
  })

  it('waits for an office that is away', async () => {
    const { wrapper } = await part('en', { ...usual, 'GET /calls/policies/2': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
