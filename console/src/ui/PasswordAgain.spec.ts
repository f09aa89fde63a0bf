import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { ApiError } from '@/api/http'
import { eachInAFreshBrowser, refusal, remember, show } from '@/testing/pages'

import { confirmed } from './confirming'
import PasswordAgain from './PasswordAgain.vue'

eachInAFreshBrowser()

/** Refused until the password was given. */
function work(given: () => boolean) {
  return async () => {
    if (!given()) throw new ApiError(403, 'password_again', '')
    return 'done'
  }
}

it.each(['zh-CN', 'en'] as const)('asks in %s and goes on with what was refused', async (language) => {
  const sent = remember({})
  const { wrapper, missing } = show(PasswordAgain, language)
  const doing = confirmed(work(() => sent.length > 0))
  await flushPromises()
  await wrapper.get('[data-test=password-again]').setValue('one more long phrase')
  await wrapper.get('form').trigger('submit')
  await expect(doing).resolves.toBe('done')
  expect(sent).toEqual([{ path: 'POST /me/confirm', body: { password: 'one more long phrase' } }])
  expect(wrapper.find('form').exists()).toBe(false)
  expect(missing).toEqual([])
})

it('asks again after a wrong one, and leaves it refused when nobody answers', async () => {
  remember({ 'POST /me/confirm': refusal(401, 'login_failed') })
  const { wrapper } = show(PasswordAgain, 'en')
  const doing = confirmed(work(() => false))
  await flushPromises()
  await wrapper.get('[data-test=password-again]').setValue('wrong')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(wrapper.get('[role=alert]').text()).toContain('wrong')
  await wrapper.findAll('button').at(-1)!.trigger('click')
  await expect(doing).rejects.toMatchObject({ code: 'password_again' })
})

it('asks nobody for what is refused otherwise', async () => {
  await expect(confirmed(async () => Promise.reject(new ApiError(409, 'own_account', '')))).rejects.toMatchObject({ code: 'own_account' })
})
