import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { useStorms } from '@/stores/storms'
import { fillBrowser, foreignWords, logIn, refusal, serve, show } from '@/testing/pages'
import { order, powerless, storm } from '@/testing/storms'

import StormLine from './StormLine.vue'

const SUPERVISOR = { actions: ['see_incidents', 'handle_storms'], grants: [{ role: 'supervisor' as const, region_id: 2 }] }

async function line(language: 'zh-CN' | 'en', parts: Parameters<typeof storm>[0] = {}, unfolded: boolean | null = false) {
  useStorms().replace([storm(parts)])
  useIncidents().applyUpserts(Array.from({ length: 12 }, (_, index) => powerless({ id: `p${index}` })), [])
  const shown = show(StormLine, language, { props: { line: useStorms().lines[0], unfolded } })
  await flushPromises()
  return { ...shown, part: (name: string) => shown.wrapper.find(`[data-test=${name}]`) }
}

describe('the line of a storm', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
    serve({})
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('says what, how many and where in %s', async (language) => {
    await logIn(SUPERVISOR as never)
    for (const state of ['waiting', 'running', 'done', 'taken_back', 'lapsed'] as const) {
      const { wrapper, missing, part } = await line(language, { order: order({ state, done: 10, left_out: 2 }) })
      expect(part('storm-count').text()).toBe('×12')
      expect(wrapper.text()).toContain(language === 'en' ? 'Yuyinli' : '榆荫里社区')
      expect(missing).toEqual([])
      if (language === 'en') expect(foreignWords(wrapper.html(), order())).toEqual([])
      wrapper.unmount()
    }
  })

  it('is unfolded and folded by a button that says which it is', async () => {
    await logIn(SUPERVISOR as never)
    const { wrapper } = await line('zh-CN')
    const head = wrapper.find('[data-storm]')
    expect([head.element.tagName, head.attributes('aria-expanded')]).toEqual(['BUTTON', 'false'])
    await head.trigger('click')
    expect(wrapper.emitted('toggle')).toHaveLength(1)
  })

  it('offers nothing for all of them to an operator, nor to who supervises elsewhere', async () => {
    await logIn({ actions: ['see_incidents', 'work_incidents'] } as never)
    expect((await line('zh-CN')).part('storm-take').exists()).toBe(false)
    setActivePinia(createPinia())
    await logIn({ ...SUPERVISOR, grants: [{ role: 'supervisor', region_id: 9 }] } as never)
    expect((await line('zh-CN')).part('storm-take').exists()).toBe(false)
  })

  it('gives an order, and takes it back while that can be done', async () => {
    await logIn(SUPERVISOR as never)
    const given = storm({ version: 2, order: order({ action: 'take' }) })
    serve({ '/storms/storm-1/orders': given, '/storms/storm-1/orders/order-1/take-back': { ...given, version: 3, order: order({ state: 'taken_back' }) } })
    const { wrapper, part } = await line('zh-CN')
    await part('storm-take').trigger('click')
    await flushPromises()
    await wrapper.setProps({ line: useStorms().lines[0] })
    expect(part('storm-order').text()).toContain('秒后全部接警')
    expect(part('storm-take').exists()).toBe(false)
    await part('storm-back').trigger('click')
    await flushPromises()
    await wrapper.setProps({ line: useStorms().lines[0] })
    expect(part('storm-take').exists()).toBe(true)
  })

  it('asks for the words that stand at each, and says why it was refused', async () => {
    await logIn(SUPERVISOR as never)
    const { wrapper, part } = await line('zh-CN')
    await part('storm-close').trigger('click')
    await wrapper.find('form').trigger('submit')
    expect(wrapper.find('dialog').text()).toContain('请写明原因')
    serve({ '/storms/storm-1/orders': refusal(409, 'storm_has_order') })
    await part('storm-words').setValue('供电局抢修')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('dialog').text()).toContain('已有一项尚未完成的操作')
    serve({ '/storms/storm-1/orders': storm({ version: 2, order: order() }) })
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('dialog').exists()).toBe(false)
    expect(useStorms().shown[0]!.order?.state).toBe('waiting')
  })
})
