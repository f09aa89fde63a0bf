import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { away, fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'

import PlansPage from './PlansPage.vue'
import routes from './routes'

const AT = '2026-11-22T04:12:00Z'
const steps = [
  { id: 'call', type: 'call', text: '', text_en: '', whom: 'contact', rank: 1, next: 'ask', otherwise: null },
  { id: 'ask', type: 'question', text: '她怎样？', text_en: 'How is she?', answers: [{ text: '平安', text_en: 'Safe', next: null }, { text: '还没见到', text_en: 'Not yet', next: 'again' }] },
  { id: 'again', type: 'retry', text: '', text_en: '', to: 'call', times: 3, next: null },
]
const own = {
  id: 5, version: 2, name: '失聪', name_en: 'Deaf', kinds: ['sos'], active: true, ring_after_s: null, region_id: null, region: '榆荫里', region_en: 'Yuyinli', resident_id: 7, resident: '梁淑贞', resident_latin: 'Liang Shuzhen',
  changed_by: '王班长', changed_by_en: 'Wang', changed_at: AT,
}
const regional = { ...own, id: 6, name: '紧急求助', name_en: 'Call for help', region_id: 3, resident_id: null, resident: '', resident_latin: '', active: false }
const standing = { current: 'call', since: AT, due_at: null, round: 1, done: [], undone: ['call'], answers: ['reached'] }
const versions = [{ version: 2, name: '失聪', name_en: 'Deaf', kinds: ['sos'], active: true, ring_after_s: 90, steps, by: '王班长', by_en: 'Wang', at: AT }, { version: 1, name: '旧', name_en: 'Old', kinds: ['fall'], active: false, ring_after_s: 0, steps: [steps[0]], by: '王班长', by_en: 'Wang', at: AT }]
const answers = {
  '/plans': [own, regional], '/plans/built-in': [{ name: '跌倒', name_en: 'Fall', kinds: ['fall'], steps: [steps[2]] }], '/plans/5': { ...own, steps }, '/plans/5/versions': versions,
  '/plans/rehearsal': { flaws: [], standing }, '/regions': [{ id: 3, path: [1, 3], name: '榆荫里', name_en: 'Yuyinli', level: 'community' }], '/residents': { items: [], total: 0 },
}

describe('the page of plans', () => {
  let sent: [string, string, Record<string, unknown>][]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    HTMLElement.prototype.scrollIntoView = () => undefined
    await logIn()
    sent = []
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  /** `added`: what a new plan is answered with. */
  function answer(with_: Record<string, unknown>, added: unknown = null): void {
    serve(with_)
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method !== 'GET') sent.push([init.method!, url.replace('/api/v1', ''), JSON.parse(String(init.body)) as Record<string, unknown>])
      return init.method === 'POST' && url.endsWith('/plans') ? new Response(JSON.stringify(added)) : before(url, init)
    })
  }

  async function page(language: 'zh-CN' | 'en' = 'en', served: Record<string, unknown> = answers) {
    answer(served)
    const shown = show(PlansPage, language)
    await vi.advanceTimersByTimeAsync(500)
    return shown
  }

  async function opened(language: 'zh-CN' | 'en' = 'en', served: Record<string, unknown> = answers) {
    const shown = await page(language, served)
    await shown.wrapper.findAll('[data-test=plan-row]').find((row) => row.text().includes(language === 'en' ? 'Deaf' : '失聪'))!.trigger('click')
    await vi.advanceTimersByTimeAsync(500)
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('reads in %s: the lists, a plan with its steps, its rehearsal and its versions', async (language) => {
    const { wrapper, missing } = await opened(language)
    const details = wrapper.find<HTMLDetailsElement>('[data-test=plan-versions]')
    details.element.open = true
    await details.trigger('toggle')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[data-test=plan-step]')).toHaveLength(3)
    expect(wrapper.findAll('[data-test=plan-version]')).toHaveLength(2)
    expect(wrapper.find('[data-test=rehearsal-text]').text()).toContain('1')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('is played by the number keys, and by time where it waits', async () => {
    const { wrapper } = await opened()
    await wrapper.find('[data-test=rehearsal]').trigger('keydown', { key: '2' })
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.at(-1)).toEqual(['POST', '/plans/rehearsal', { region_id: null, resident_id: 7, steps: expect.any(Array), said: [{ step: 'call', answer: 'no_answer' }], passed_min: 0 }])
    const waiting = { ...standing, current: 'wait' }
    const waits = [{ id: 'wait', type: 'wait', text: '', text_en: '', minutes: 15 }]
    const other = await opened('en', { ...answers, '/plans/5': { ...own, steps: waits }, '/plans/rehearsal': { flaws: [], standing: waiting } })
    await other.wrapper.find('[data-test=play-pass]').trigger('click')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.at(-1)?.[2]).toMatchObject({ said: [], passed_min: 15 })
  })

  it('shows what is wrong at the step where it is wrong, while it is written', async () => {
    const flaws = [{ flaw: 'endless_loop', step: 'ask', field: '', more: '' }, { flaw: 'retry_not_back', step: 'again', field: 'to', more: 'call' }]
    const { wrapper } = await opened('en', { ...answers, '/plans/rehearsal': { flaws, standing: null } })
    const cards = wrapper.findAll('[data-test=plan-step]')
    expect(cards.map((card) => card.find('[data-test=plan-flaw]').exists())).toEqual([false, true, true])
    expect(cards[2]!.find('[data-test=plan-flaw]').text()).toContain('step 1')
    expect(wrapper.find('[data-test=rehearsal]').text()).toContain('nothing is wrong')
  })

  it('saves a new version with what was changed, and says who stands in the way', async () => {
    const { wrapper } = await opened()
    expect(wrapper.find('[data-test=plan-save]').attributes('disabled')).toBeDefined()
    await wrapper.find('#step-ask-text').setValue('她现在怎样？')
    await wrapper.find('[data-test="kind-fall"]').setValue(true)
    await wrapper.find('form').trigger('keydown', { key: 's', ctrlKey: true })
    await vi.advanceTimersByTimeAsync(10)
    const put = sent.find(([method]) => method === 'PUT')!
    expect(put[1]).toBe('/plans/5')
    expect(put[2]).toMatchObject({ version: 2, kinds: ['sos', 'fall'], name: '失聪' })
    expect((put[2].steps as { text: string }[])[1]!.text).toBe('她现在怎样？')
    await vi.advanceTimersByTimeAsync(500)
    expect(wrapper.find('.plan-editor .chip--ok').exists()).toBe(true)
    const refused = new Response(JSON.stringify({ error: { code: 'kind_has_plan', message: '', params: { name: '旧预案', kind: 'fall' } } }), { status: 409 })
    answer({ ...answers, '/plans/5': refused })
    await wrapper.find('#step-ask-text').setValue('？')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.find('[data-test=plan-refused]').text()).toContain('旧预案')
    expect(wrapper.find('[data-test=plan-refused]').text()).toContain('Fall')
  })

  it('says after how many seconds a silent contact is rung, and leaves it to the site where nothing stands', async () => {
    const { wrapper } = await opened()
    const field = wrapper.find<HTMLInputElement>('[data-test=ring-after]')
    expect(field.element.value).toBe('')
    const told: unknown[] = []
    for (const said of ['90', '0', '']) {
      await field.setValue(said)
      if (said === '') await wrapper.find('#step-ask-text').setValue('？')
      await wrapper.find('form').trigger('submit')
      await vi.advanceTimersByTimeAsync(10)
      told.push(sent.filter(([method]) => method === 'PUT').at(-1)![2].ring_after_s)
    }
    expect(told).toEqual([90, 0, null])
    const details = wrapper.find<HTMLDetailsElement>('[data-test=plan-versions]')
    details.element.open = true
    await details.trigger('toggle')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[data-test=plan-version]').map((each) => each.text().match(/rung after 90 s|are not rung/)?.[0])).toEqual(['rung after 90 s', 'are not rung'])
  })

  it('shows the reasons of a refused plan at their steps', async () => {
    const { wrapper } = await opened()
    const params = { flaws: [{ flaw: 'no_answers', step: 'ask', field: 'answers', more: '' }] }
    answer({ ...answers, '/plans/5': new Response(JSON.stringify({ error: { code: 'plan_refused', message: '', params } }), { status: 422 }) })
    await wrapper.find('#step-ask-text').setValue('？')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.find('[data-test=plan-refused]').text()).toContain('cannot be followed')
    expect(wrapper.findAll('[data-test=plan-step]')[1]!.text()).toContain('needs answers')
  })

  it('grows a step from an exit, moves it by key, and goes there', async () => {
    const { wrapper } = await opened()
    await wrapper.findAll('[data-test=plan-step]')[0]!.find('[data-test=exit-otherwise]').setValue('+')
    await vi.advanceTimersByTimeAsync(10)
    const grown = wrapper.findAll('[data-test=plan-step]')
    expect(grown).toHaveLength(4)
    expect(document.activeElement?.id).toMatch(/^step-s\d+-/)
    await grown[3]!.trigger('keydown', { key: 'ArrowUp', altKey: true })
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[data-test=plan-step]')[2]!.attributes('id')).toMatch(/^card-s\d+$/)
    await wrapper.findAll('[data-test=add-after]')[0]!.trigger('click')
    expect(wrapper.findAll('[data-test=plan-step]')).toHaveLength(5)
    await wrapper.find('[aria-label="Remove step 2"]').trigger('click')
    expect(wrapper.findAll('[data-test=plan-step]')).toHaveLength(4)
  })

  it('begins a plan from a built-in one for the region that is chosen, and asks before it is lost', async () => {
    const { wrapper } = await page()
    await wrapper.find('[data-test=plan-model]').trigger('click')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.find('[data-test=plan-save]').attributes('disabled')).toBeDefined()
    await wrapper.find('[data-test=plan-region]').setValue('3')
    await vi.advanceTimersByTimeAsync(500)
    expect(sent.at(-1)).toMatchObject(['POST', '/plans/rehearsal', { region_id: 3, resident_id: null }])
    vi.stubGlobal('confirm', () => false)
    await wrapper.find('[data-test=plan-row]').trigger('click')
    expect(wrapper.find('[data-test=plan-region]').exists()).toBe(true)
    answer(answers, { ...own, steps })
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.find(([, path]) => path === '/plans')).toMatchObject(['POST', '/plans', { name: '跌倒', kinds: ['fall'], active: true, region_id: 3 }])
  })

  it('waits for an office that is away', async () => {
    const { wrapper } = await page('en', { '/plans': away(), '/plans/built-in': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })

  it('stands in the menu of those who write plans', () => {
    expect(routes[0]?.meta).toMatchObject({ nav: 'plans.nav', action: 'edit_plans' })
  })
})
