import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, refusal, remember, show, type Sent } from '@/testing/pages'

import UsersPage from './UsersPage.vue'
import routes from './routes'

const city = { id: 1, parent_id: null, path: [1], level: 'city', name: '榆州', name_en: 'Yuzhou', code: null }
const street = { id: 2, parent_id: 1, path: [1, 2], level: 'street', name: '榆荫街道', name_en: 'Yuyin Street', code: null }
const grant = { id: 31, role: 'operator', region_id: 2, until_at: null, in_force: true, given_at: '2026-11-20T04:00:00Z', given_by_name: '韦国强', given_by_name_en: 'Wei Guoqiang' }
const over = { ...grant, id: 32, role: 'supervisor', until_at: '2026-11-21T16:00:00Z', in_force: false, given_by_name: '', given_by_name_en: '' }
const lin = {
  id: 7, login: 'lin.yue', name: '林悦', name_en: 'Lin Yue', language: 'zh-CN', active: true, skills: [], created_at: '2026-11-20T04:00:00Z', grants: [grant, over],
  has_password: true, slip_until: null, locked_until: '2026-11-22T05:00:00Z', sessions: 2,
}
const sessions = [
  { id: 'aa', created_at: '2026-11-22T04:00:00Z', expires_at: '2026-11-22T16:00:00Z', address: '10.0.0.8', browser: '', used_at: null, own: false },
  { id: 'bb', created_at: '2026-11-22T03:00:00Z', expires_at: '2026-11-22T15:00:00Z', address: '10.0.0.9', browser: '', used_at: null, own: true },
]
const waits = [{ place: 'network', address: '10.0.0.8', failures: 4, last_failure_at: '2026-11-22T04:50:00Z', locked_until: '2026-11-22T05:00:00Z' }]
const changes = [
  { at: '2026-11-22T04:00:00Z', what: 'user_changed', name: '', name_en: '', before: { active: false, language: 'en' }, after: { active: true, language: 'zh-CN' } },
  { at: '2026-11-20T04:00:00Z', what: 'grant_added', name: '韦国强', name_en: 'Wei Guoqiang', before: {}, after: { role: 'operator', region_id: 2, until_at: null } },
]
const slip = { login: 'lin.yue', code: 'ABCD-EFGH-JKLM-NPQR', until_at: '2026-11-23T04:00:00Z' }
const everything = {
  'GET /regions': [city, street], 'GET /users': { users: [lin], after: null }, 'POST /users/search': { users: [lin], after: null }, 'GET /users/7': lin, 'GET /users/7/sessions': sessions,
  'GET /users/7/lockouts': waits, 'GET /users/7/changes': changes, 'POST /users/7/slip': slip, 'POST /users': lin, 'POST /users/7/grants': grant, 'PATCH /users/7': lin,
}
let sent: Sent[]

async function page(address: string, language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = everything) {
  sent = remember(answers)
  const shown = show(UsersPage, language)
  await shown.router.push(address)
  await flushPromises()
  return shown
}

const press = async (wrapper: VueWrapper, test: string) => {
  await wrapper.get(`[data-test=${test}]`).trigger('click')
  await flushPromises()
}

describe('users', () => {
  eachInAFreshBrowser({ actions: ['manage_users'], grants: [{ role: 'administrator', region_id: 1 }] })

  it.each(['zh-CN', 'en'] as const)('shows in %s what somebody may do, who gave it, and what was changed', async (language) => {
    const { wrapper, missing } = await page('/users?user=7', language)
    const [held, ended] = wrapper.findAll('[data-test=grant]')
    expect(held!.text()).toContain(language === 'en' ? 'given by Wei Guoqiang' : '由韦国强于')
    expect(ended!.classes()).toContain('is-over')
    expect(wrapper.findAll('[data-test=session]')).toHaveLength(2)
    expect(wrapper.findAll('[data-test=change]')[0]!.text()).toContain(language === 'en' ? 'May log in: no → yes' : '可登录：否 → 是')
    expect(wrapper.findAll('[data-test=change]')[1]!.text()).toContain(language === 'en' ? 'Yuyin Street' : '榆荫街道')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.find('.one').text(), ['中文'])).toEqual([])
  })

  it('keeps what is asked for in the address, and asks for it again from there', async () => {
    const { wrapper, router } = await page('/users?standing=locked')
    await wrapper.get('#user-role').setValue('operator')
    await flushPromises()
    await press(wrapper, 'user-row')
    expect(router.currentRoute.value.query).toEqual({ standing: 'locked', role: 'operator', user: '7' })
  })

  it('gives a role until the end of a day at the site', async () => {
    const { wrapper } = await page('/users?user=7')
    await wrapper.get('#grant-role').setValue('auditor')
    await wrapper.get('#grant-region').setValue(2)
    await wrapper.get('#grant-until').setValue('2026-12-31')
    await wrapper.get('[data-test=grant-give]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /users/7/grants', body: { role: 'auditor', region_id: 2, until_at: '2026-12-31T16:00:00.000Z' } }])
  })

  it('takes nothing away by one press', async () => {
    const { wrapper } = await page('/users?user=7')
    for (const step of ['grant-end', 'session-end', 'sessions-end', 'block']) await press(wrapper, step)
    expect(sent).toEqual([])
    for (const step of ['grant-end-sure', 'session-end-sure', 'sessions-end-sure', 'block-sure', 'lockout-lift']) await press(wrapper, step)
    expect(sent.map(({ path }) => path)).toEqual(['DELETE /users/7/grants/31', 'DELETE /users/7/sessions', 'DELETE /users/7/sessions', 'PATCH /users/7', 'DELETE /users/7/lockouts'])
  })

  it.each(['zh-CN', 'en'] as const)('says in %s why the last administrator stays', async (language) => {
    const refused = new Response(JSON.stringify({ error: { code: 'last_administrator', message: '', params: { region: '榆州', region_id: 1 } } }), { status: 409 })
    const { wrapper } = await page('/users?user=7', language, { ...everything, 'PATCH /users/7': refused })
    await press(wrapper, 'block')
    await press(wrapper, 'block-sure')
    expect(wrapper.get('[data-test=account-refused]').text()).toContain('榆州')
  })

  it.each(['zh-CN', 'en'] as const)('gives in %s a colleague that was added a slip at once', async (language) => {
    const { wrapper, missing } = await page('/users?user=new', language)
    await wrapper.get('#new-login').setValue('lin.yue')
    await wrapper.get('#new-name').setValue('林悦')
    await wrapper.get('form.new').trigger('submit')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['POST /users', 'POST /users/7/slip'])
    expect(sent[0]!.body).toMatchObject({ login: 'lin.yue', grants: [{ role: 'operator', region_id: 1, until_at: null }] })
    expect(wrapper.get('[data-test=slip-code]').text()).toBe(slip.code)
    expect(wrapper.get('[data-test=slip-link]').text()).toContain('#/slip?login=lin.yue&code=ABCD-EFGH-JKLM-NPQR')
    await press(wrapper, 'slip-done')
    expect(wrapper.find('[data-test=slip]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('asks for the own password where it was given long ago', async () => {
    const { wrapper } = await page('/users?user=7', 'en', { ...everything, 'POST /users/7/slip': refusal(403, 'password_again') })
    await press(wrapper, 'slip-give')
    expect(wrapper.find('[data-test=password-again]').exists()).toBe(true)
  })

  it('says that nobody is found only once it has been answered', async () => {
    remember({ ...everything, 'GET /users': { users: [], after: null }, 'POST /users/search': { users: [], after: null } })
    const { wrapper } = show(UsersPage, 'en')
    expect(wrapper.text()).not.toContain('Nobody is found')
    await flushPromises()
    expect(wrapper.text()).toContain('Nobody is found')
  })

  it('waits for an office that is away, and stands in the menu of administrators', async () => {
    const { wrapper } = await page('/users', 'en', { ...everything, 'GET /users': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
    expect(routes[0]?.meta).toMatchObject({ nav: 'users.nav', action: 'manage_users' })
  })
})
