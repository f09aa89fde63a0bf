import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { useSession } from '@/stores/session'
import { eachInAFreshBrowser, me, refusal, remember, show } from '@/testing/pages'

import SlipForm from './SlipForm.vue'

eachInAFreshBrowser()

async function filled(language: 'zh-CN' | 'en', answers: Record<string, unknown>, again = 'one more long phrase') {
  const sent = remember(answers)
  useSession().state = 'out'
  const shown = show(SlipForm, language, { routes: [{ path: '/slip', name: 'slip', component: SlipForm }] })
  const { wrapper, router } = shown
  await router.push('/slip?login=linlan&code=ABCD-EFGH')
  for (const [field, text] of Object.entries({ login: 'linlan', code: 'ABCD-EFGH', password: 'one more long phrase', again })) await wrapper.get(`#slip-${field}`).setValue(text)
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  return { ...shown, sent }
}

it.each(['zh-CN', 'en'] as const)('lets in, in %s, whoever has chosen a password with the code', async (language) => {
  const { router, sent, missing } = await filled(language, { 'POST /login/slip': me(), 'GET /me': me() })
  expect(sent).toEqual([{ path: 'POST /login/slip', body: { login: 'linlan', code: 'ABCD-EFGH', password: 'one more long phrase' } }])
  expect(router.currentRoute.value.fullPath).toBe('/')
  expect(useSession().state).toBe('in')
  expect(missing).toEqual([])
})

it.each(['slip_refused', 'slip_used', 'slip_expired', 'password_weak'])('says in words that it is %s', async (code) => {
  const { wrapper, router, missing } = await filled('en', { 'POST /login/slip': refusal(401, code) })
  expect(wrapper.get('[data-test=slip-refused]').text()).not.toBe('')
  expect(router.currentRoute.value.path).toBe('/slip')
  expect(missing).toEqual([])
})

it('sends nothing where the second password is another', async () => {
  const { wrapper, sent } = await filled('en', {}, 'one more long phrasE')
  expect(sent).toEqual([])
  expect(wrapper.get('[data-test=slip-refused]').text()).toContain('not the same')
})
