import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import DevicesPage from './DevicesPage.vue'
import routes from './routes'

const view = {
  id: 7, version: 3, region_id: 2, source: 'dc09', identifier: 'A101', kind: 'pendant', model: 'ZN-3', label: '随身', battery_low: true, heartbeat_s: 600, encrypted_only: true, has_key: true,
  seen_at: '2026-11-22T04:00:00Z', sim: '13912345678', fault: '', tried_at: null, late: true, in_test_until: null, issue: null,
  assignments: [{ id: 1, home_id: 5, resident_id: 9, valid_from: '2026-01-01T00:00:00Z', valid_until: null, address: '榆荫里7号楼2单元501', resident_name: '沈玉兰', resident_name_latin: 'Shen Yulan' }],
}
const spare = { ...view, id: 8, version: 1, identifier: 'B202', assignments: [], late: false, battery_low: false, seen_at: null, sim: '' }
const listed = (...items: unknown[]) => ({ items, total: items.length, total_is_capped: false, page: 1, limit: 50, after: null })
const region = { id: 2, name: '榆荫街道', name_en: 'Yuyin Street', path: [1, 2], level: 'street' }
const person = { id: 9, home_id: 5, region_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', address: '榆荫里7号楼2单元501', address_en: 'Yuyinli 7-2-501' }

describe('the page of devices', () => {
  eachInAFreshBrowser({ actions: ['see_profiles', 'manage_devices', 'manage_users'] })

  const server = (more: Record<string, unknown> = {}) =>
    remember({ 'GET /devices': listed(view, spare), 'GET /regions': [region], 'GET /devices/7': view, 'GET /devices/8': spare, 'POST /residents/search': listed(person), ...more })

  async function page(address = '/devices', language: 'zh-CN' | 'en' = 'en') {
    const shown = show(DevicesPage, language, { routes })
    await shown.router.push(address)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('lists them in %s with how each stands, and one with all its facts', async (language) => {
    server()
    const { wrapper, missing } = await page('/devices?id=7', language)
    const [first, second] = wrapper.findAll('[data-test=device-row]')
    expect(first!.text()).toContain(language === 'en' ? 'silent' : '失联')
    expect(second!.text()).toContain(language === 'en' ? 'in stock' : '在库')
    expect(wrapper.find('[data-test=device-serves]').text()).toContain(language === 'en' ? 'Shen Yulan' : '沈玉兰')
    expect(wrapper.text()).toContain('13912345678')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [view, spare, region])).toEqual([])
  })

  it('counts the one that was just registered, and opens it', async () => {
    server({ 'GET /devices': listed(view), 'POST /devices': spare, 'GET /sources': [] })
    const { wrapper, router } = await page('/devices')
    const count = () => wrapper.find('[data-test=devices-count]').text()
    expect(count()).toContain('1')
    await wrapper.find('[data-test=device-new]').trigger('click')
    await flushPromises()
    await wrapper.find('[data-test=new-identifier]').setValue('B202')
    await wrapper.find('form:has([data-test=new-save])').trigger('submit')
    await flushPromises()
    expect(count()).toContain('2')
    expect(router.currentRoute.value.query.id).toBe('8')
  })

  it('knows the region of a form that was opened before the regions were there', async () => {
    server()
    const { wrapper } = show(DevicesPage, 'en', { routes })
    await wrapper.find('[data-test=device-new]').trigger('click')
    const save = () => wrapper.find<HTMLButtonElement>('[data-test=new-save]').element
    expect(save().disabled).toBe(true)
    await flushPromises()
    expect(save().disabled).toBe(false)
    expect(save().form!.checkValidity()).toBe(false) // the identifier alone
    await wrapper.find('[data-test=new-identifier]').setValue('B202')
    expect(save().form!.checkValidity()).toBe(true)
  })

  it('keeps what is asked for in the address', async () => {
    vi.useFakeTimers()
    server()
    const { wrapper, router } = await page('/devices?standing=silent&q=沈')
    await vi.runOnlyPendingTimersAsync()
    expect(wrapper.find<HTMLSelectElement>('[data-test=devices-standing]').element.value).toBe('silent')
    await wrapper.find('[data-test=devices-kind]').setValue('pendant')
    await vi.runAllTimersAsync()
    expect(router.currentRoute.value.query).toEqual({ standing: 'silent', q: '沈', kind: 'pendant' })
  })

  it('replaces by one click and says what to press next', async () => {
    const replaced = { old: { ...view, version: 4 }, new: { ...spare, version: 2, assignments: view.assignments } }
    const sent = server({ 'POST /devices/7/replacement': replaced, 'GET /devices': listed(view, spare) })
    const { wrapper } = await page('/devices?id=7')
    await wrapper.find('[data-test=do-replace]').trigger('click')
    await flushPromises()
    const choices = wrapper.findAll('[data-test=replace-by]')
    expect(choices[0]!.text()).toContain('B202')
    await wrapper.find('[data-test=replace-fault]').setValue('battery is swollen')
    await choices[0]!.trigger('click')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'POST /devices/7/replacement', body: { version: 3, device_id: 8, fault: 'battery is swollen' } })
    expect(wrapper.find('[data-test=device-replaced]').text()).toContain('B202')
  })

  it('attaches one from stock to whoever is found', async () => {
    vi.useFakeTimers()
    const sent = server({ 'POST /devices/8/assignments': { ...spare, version: 2, assignments: view.assignments } })
    const { wrapper } = await page('/devices?id=8')
    expect(wrapper.find('[data-test=do-replace]').exists(), 'it serves nobody').toBe(false)
    await wrapper.find('[data-test=do-attach]').trigger('click')
    await wrapper.find('[data-test=home-search]').setValue('syl')
    await vi.advanceTimersByTimeAsync(300)
    await wrapper.find('[data-test=home-found]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'POST /devices/8/assignments', body: { home_id: 5, resident_id: 9 } })
    expect(wrapper.find('[data-test=device-serves]').text()).toContain('Shen Yulan')
  })

  it('hands one out against a name', async () => {
    const issue = { received_by: '小王', received_at: '2026-11-22T05:00:00Z', handed_by_name: '林晓雯', returned_at: null, returned_to_name: null }
    const sent = server({ 'POST /devices/8/issue': { ...spare, version: 2, issue } })
    const { wrapper } = await page('/devices?id=8')
    await wrapper.find('[data-test=do-issue]').trigger('click')
    await wrapper.find('[data-test=issue-to]').setValue('小王')
    await wrapper.find('[data-test=issue-yes]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ version: 1, received_by: '小王' })
    expect(wrapper.find('[data-test=device-signed]').text()).toContain('林晓雯')
  })

  it('sends only what was changed, encrypted only among it', async () => {
    const sent = server({ 'PATCH /devices/7': { ...view, version: 4, encrypted_only: null } })
    const { wrapper } = await page('/devices?id=7')
    await wrapper.find('[data-test=do-edit]').trigger('click')
    await wrapper.find('[data-test=edit-polls]').setValue('listener')
    await wrapper.find('[data-test=edit-sim]').setValue('13900000000')
    await wrapper.find('[data-test=edit-save]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'PATCH /devices/7', body: { version: 3, sim: '13900000000', encrypted_only: null } })
  })

  it('gives one to somebody of the staff to carry', async () => {
    const sent = server({
      'GET /staff': [{ id: 4, name: '王敏' }, { id: 3, name: '刘芳' }],
      'PATCH /devices/8': { ...spare, version: 2, staff_id: 3, carried_by: '刘芳' },
    })
    const { wrapper } = await page('/devices?id=8')
    expect(wrapper.find('[data-test=device-carried]').exists()).toBe(false)
    await wrapper.find('[data-test=do-edit]').trigger('click')
    await flushPromises()
    await wrapper.find('[data-test=edit-carried]').setValue(3)
    await wrapper.find('[data-test=edit-save]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'PATCH /devices/8', body: { version: 1, staff_id: 3 } })
    expect(wrapper.find('[data-test=device-carried]').text()).toBe('刘芳')
  })

  it('reads anew what somebody else has changed, and says so', async () => {
    server({ 'PATCH /devices/7': refusal(409, 'changed_meanwhile') })
    const { wrapper } = await page('/devices?id=7')
    await wrapper.find('[data-test=do-edit]').trigger('click')
    await wrapper.find('[data-test=edit-save]').trigger('submit')
    await flushPromises()
    expect(wrapper.find('[role=alert]').text()).toContain('read again')
  })

  it('waits for an office that is away', async () => {
    remember({ 'GET /devices': away() })
    expect((await page()).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
