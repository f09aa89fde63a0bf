import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { useStorms } from '@/stores/storms'
import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { powerless, storm } from '@/testing/storms'
import { incident } from '@/testing/views'

import { useDesk } from '../desk'
import QueueList from './QueueList.vue'

/** A screenful at 1366 x 768. */
const HEIGHT = 600

type List = { move(by: number): void; current(): string | null }

async function listOf(count: number) {
  const { wrapper } = show(QueueList, 'zh-CN', { props: { filter: 'all' } })
  useIncidents().applyUpserts(Array.from({ length: count }, (_, index) => incident({ id: `i${index}`, opened_at: new Date(Date.UTC(2026, 10, 22, 4, 0, 0, index)).toISOString() })), [])
  await flushPromises()
  const rows = () => wrapper.findAll('[data-incident]')
  const focused = () => document.activeElement?.getAttribute('data-incident')
  return { wrapper, rows, focused, list: wrapper.vm as unknown as List }
}

describe('the rows of the queue', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT)
    serve({})
    await logIn({ actions: ['see_incidents'] })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    document.body.replaceChildren()
  })

  it('are cards while few wait', async () => {
    const { rows, wrapper } = await listOf(3)
    expect(rows()).toHaveLength(3)
    expect(wrapper.find('.queue-list__rows--lines').exists()).toBe(false)
  })

  it.each([200, 2_000, 10_000])('of %i are a screenful, and say how many there are', async (count) => {
    const { rows, wrapper } = await listOf(count)
    expect(rows().length).toBeGreaterThanOrEqual(9)
    expect(rows().length).toBeLessThan(40)
    expect(wrapper.find('li').attributes()).toMatchObject({ 'aria-setsize': String(count), 'aria-posinset': '1' })
  })

  it('are walked by arrows, pages and to the end, the focus always on a row that is there', async () => {
    const { wrapper, rows, focused, list } = await listOf(2_000)
    list.move(0)
    await flushPromises()
    expect(focused()).toBe('i0')
    const keys: [string, string][] = [['ArrowDown', 'i1'], ['ArrowDown', 'i2'], ['ArrowUp', 'i1'], ['End', 'i1999'], ['ArrowDown', 'i1999'], ['Home', 'i0'], ['PageDown', 'i14']]
    for (const [key, id] of keys) {
      await wrapper.find('.queue-list__rows').trigger('keydown', { key })
      await flushPromises()
      expect([key, focused()]).toEqual([key, id])
      expect(rows().length).toBeLessThan(40)
    }
    expect(list.current()).toBe('i14')
  })

  it('keep the open one and the one under the cursor, however far the list is scrolled', async () => {
    const { wrapper, rows, focused, list } = await listOf(2_000)
    list.move(0)
    useDesk().open('i5')
    await flushPromises()
    const scrolled = wrapper.find('.queue-list__rows')
    scrolled.element.scrollTop = 40_000
    await scrolled.trigger('scroll')
    const ids = rows().map((row) => row.attributes('data-incident'))
    expect(ids).toContain('i5')
    expect(ids).toContain('i0')
    expect(ids).toContain('i1000')
    expect(focused()).toBe('i0')
  })

  it('lead to an own alarm that rings again above thousands that wait', async () => {
    const { wrapper, focused } = await listOf(2_000)
    useIncidents().applyUpserts([incident({ id: 'mine', state: 'taken', taken_by: 1, ring: 2 })], [])
    await flushPromises()
    const [toMine] = wrapper.findAll('.queue-list__to')
    await toMine!.trigger('click')
    await flushPromises()
    expect(focused()).toBe('mine')
  })

  it.each(['zh-CN', 'en'] as const)('are one for a storm of unknown callers in %s, and each of them can be opened', async (language) => {
    const { wrapper, missing } = show(QueueList, language, { props: { filter: 'all' } })
    const card = { ...incident().card, peer: '10.0.0.7' }
    const strangers = Array.from({ length: 60 }, (_, index) => incident({ id: `s${index}`, home_id: null, card }))
    useIncidents().applyUpserts([...strangers, incident({ id: 'home' })], [])
    await flushPromises()
    const ids = () => wrapper.findAll('[data-incident]').map((row) => row.attributes('data-incident'))
    expect(ids()).toEqual(['s0', 'home'])
    expect(wrapper.find('h2 span').text()).toBe('61')
    const storm = () => wrapper.find('[data-test=storm]')
    expect(storm().text()).toContain('+59')
    expect(storm().text()).toContain('10.0.0.7')
    await storm().trigger('click')
    expect(ids()).toContain('s1')
    expect(storm().attributes('aria-expanded')).toBe('true')
    await wrapper.find('[data-incident=s1]').trigger('click')
    expect(useDesk().selectedId).toBe('s1')
    await storm().trigger('click')
    expect(ids()).toEqual(['s0', 's1', 'home'])
    expect(missing).toEqual([])
  })

  it('are one for a storm of technical alarms, whoever rings stands above it, and its list opens beneath it', async () => {
    const { wrapper } = show(QueueList, 'zh-CN', { props: { filter: 'all' } })
    useStorms().replace([storm()])
    const members = Array.from({ length: 180 }, (_, index) => powerless({ id: `p${index}` }))
    useIncidents().applyUpserts([...members, powerless({ id: 'battery', kind: 'low_battery', kinds: ['low_battery'] }), ...Array.from({ length: 5 }, (_, index) => incident({ id: `s${index}` }))], [])
    await flushPromises()
    const ids = () => wrapper.findAll('[data-incident]').map((row) => row.attributes('data-incident'))
    expect(ids().filter((id) => id?.startsWith('p'))).toEqual([])
    expect(wrapper.findAll('section').map((section) => section.attributes('aria-label'))).toEqual(['待接警', '成批告警', '技术与测试'])
    expect(wrapper.find('[data-test=storm-count]').text()).toBe('×180')
    ;(wrapper.vm as unknown as { toStorm(): void }).toStorm()
    expect(document.activeElement?.getAttribute('data-storm')).toBe('storm-1')
    await wrapper.find('[data-storm]').trigger('click')
    const list = wrapper.findAll('section')[1]!
    expect(list.find('li').attributes()).toMatchObject({ 'aria-setsize': '180', 'aria-posinset': '1' })
    expect(list.findAll('[data-incident]').length).toBeLessThan(40)
    await wrapper.find('[data-storm]').trigger('click')
    expect(ids().filter((id) => id?.startsWith('p'))).toEqual([])
  })

  it('keep the alarm of a storm that lies open', async () => {
    const { wrapper } = show(QueueList, 'zh-CN', { props: { filter: 'all' } })
    useStorms().replace([storm()])
    useIncidents().applyUpserts(Array.from({ length: 180 }, (_, index) => powerless({ id: `p${index}` })), [])
    useDesk().open('p7')
    await flushPromises()
    expect(wrapper.findAll('[data-incident]').map((row) => row.attributes('data-incident'))).toEqual(['p7'])
  })
})
