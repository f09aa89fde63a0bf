import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useSession } from '@/stores/session'
import { away, foreignWords, me, serve, show } from '@/testing/pages'

import LoginPage from './LoginPage.vue'

const logins = [{ login: 'operator', password: 'secret', name: '林晓雯', name_en: 'Lin Xiaowen', role: 'operator' }]
const answers = { '/login-info': { demo: true, logins }, '/login': {}, '/me': me() }

describe('the way in', () => {
  beforeEach(() => setActivePinia(createPinia()))
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('reads in %s', async (language) => {
    serve(answers)
    const { wrapper, missing } = show(LoginPage, language)
    await flushPromises()
    expect(wrapper.findAll('.login__demo button')).toHaveLength(1)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), ['中文'])).toEqual([])
  })

  it('asks again for whom a demo has while the office is starting', async () => {
    vi.useFakeTimers()
    serve({ '/login-info': away() })
    const { wrapper } = show(LoginPage, 'en')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('.login__demo button')).toHaveLength(0)
    serve(answers)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.findAll('.login__demo button')).toHaveLength(1)
    vi.useRealTimers()
  })

  it('asks for a new password by slip, also where the page that was asked for is known late', async () => {
    serve(answers)
    const routes = [{ path: '/slip', name: 'slip', component: { render: () => null } }]
    const { wrapper, router } = show(LoginPage, 'en', { routes })
    expect(wrapper.find('#slip-password').exists()).toBe(false)
    await router.push('/slip?login=lin&code=ABCD')
    await flushPromises()
    expect((wrapper.find('#slip-code').element as HTMLInputElement).value).toBe('ABCD')
  })

  it.each(['zh-CN', 'en'] as const)('says in %s that the database is away, and who can log in all the same', async (language) => {
    const until = '2026-03-14T18:00:00Z'
    serve({ ...answers, '/login/door': { away: true, until } })
    const { wrapper, missing } = show(LoginPage, language)
    await flushPromises()
    expect(wrapper.find('[data-test="login-away"]').text()).toContain(language === 'en' ? 'Operators and supervisors can log in' : '接线员和班长仍可登录')
    expect(missing).toEqual([])
  })

  it('says so where nobody can, and nothing on a good day', async () => {
    serve({ ...answers, '/login/door': { away: true, until: null } })
    const { wrapper } = show(LoginPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test="login-away"]').text()).toContain('nobody can log in')
    serve({ ...answers, '/login/door': { away: false, until: null } })
    const { wrapper: another } = show(LoginPage, 'en')
    await flushPromises()
    expect(another.find('[data-test="login-away"]').exists()).toBe(false)
  })

  it('lets in who is known', async () => {
    serve(answers)
    const { wrapper } = show(LoginPage, 'en')
    await wrapper.find('#login-name').setValue('operator')
    await wrapper.find('#login-password').setValue('secret')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(useSession().state).toBe('in')
  })

  it('goes on with the checklist after the first accounts were made', async () => {
    serve({ '/login-info': { demo: false }, '/first-start': { first: true }, '/login': {}, '/me': me() })
    const { wrapper, router } = show(LoginPage, 'en')
    await flushPromises()
    for (const field of wrapper.findAll('.first input')) await field.setValue('a word or more')
    await wrapper.find('.first').trigger('submit')
    await flushPromises()
    await wrapper.find('#login-password').setValue('a word or more')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/checklist')
  })

  it('says in words why not', async () => {
    serve({})
    const { wrapper } = show(LoginPage, 'en')
    await wrapper.find('#login-name').setValue('operator')
    await wrapper.find('#login-password').setValue('wrong')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('[role=alert]').text()).not.toBe('')
    expect(useSession().state).not.toBe('in')
  })
})
