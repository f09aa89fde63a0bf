import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, logIn, me, refusal, remember, show } from '@/testing/pages'

import TeamPage from './TeamPage.vue'
import routes from './routes'

const reader = { user_id: 9, name: '赵一鸣', name_en: 'Zhao Yiming', read_at: '2026-11-22T09:00:00Z' }
const shifts = [
  { id: 3, user_id: 7, name: '林晓雯', name_en: 'Lin Xiaowen', began_at: '2026-11-22T08:00:00Z', ended_at: null, note: '', read_by: [] },
  { id: 2, user_id: 8, name: '王敏', name_en: 'Wang Min', began_at: '2026-11-22T00:00:00Z', ended_at: '2026-11-22T08:00:00Z', note: 'lift of building 3', read_by: [reader] },
  { id: 1, user_id: 7, name: '林晓雯', name_en: 'Lin Xiaowen', began_at: '2026-11-20T14:00:00Z', ended_at: '2026-11-20T22:00:00Z', note: 'nobody has seen this', read_by: [] },
]
const speaking = {
  operators: [{ id: 7, name: '林晓雯', name_en: 'Lin Xiaowen', skills: ['Shanghainese'] }, { id: 8, name: '王敏', name_en: 'Wang Min', skills: [] }],
  spoken: [{ dialect: 'Cantonese', dialect_en: '', residents: 4 }, { dialect: 'Shanghainese', dialect_en: '', residents: 2 }, { dialect: '云陌话', dialect_en: 'Yunmo dialect', residents: 1 }],
}
const usual = { 'GET /shifts': shifts, 'GET /operators': speaking, 'PUT /operators/8/skills': { ...speaking.operators[1], skills: ['Cantonese'] }, 'PUT /operators/7/skills': { ...speaking.operators[0], skills: [] } }

describe('shifts and languages', () => {
  eachInAFreshBrowser({ actions: [...me().actions, 'manage_escalation'] })

  async function page(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = usual) {
    const sent = remember(answers)
    const shown = show(TeamPage, language)
    await flushPromises()
    return { ...shown, sent }
  }

  it.each(['en', 'zh-CN'] as const)('says in %s who is on duty, what was handed over and who has read it', async (language) => {
    const { wrapper, missing } = await page(language)
    const rows = wrapper.findAll('[data-test=shift-row]').map((each) => each.text())
    expect(rows[0]).toContain(language === 'en' ? 'on duty' : '在班')
    expect(rows[1]).toMatch(language === 'en' ? /Wang Min.*lift of building 3.*Zhao Yiming 17:00/ : /王敏.*赵一鸣 17:00/)
    expect(rows[2]).toContain(language === 'en' ? 'nobody yet' : '还没有人读')
    expect(wrapper.findAll('caption')).toHaveLength(2)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), speaking.spoken)).toEqual([])
  })

  it('says what residents speak and nobody at the seats does, until somebody does', async () => {
    const { wrapper, sent } = await page()
    expect(wrapper.find('[data-test=nobody-speaks]').text()).toContain('Cantonese (4 residents)')
    const wang = wrapper.findAll('[data-test=operator]')[1]!
    await wang.find('input').setValue(' Cantonese ')
    await wang.find('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'PUT /operators/8/skills', body: { skills: ['Cantonese'] } }])
    expect(wrapper.find('[data-test=nobody-speaks]').text()).toBe('Nobody here speaks: Yunmo dialect 云陌话 (1 residents)')
    expect(wrapper.find('.kept').text()).toContain('Wang Min, Cantonese')
    expect(wang.find('input').element.value).toBe('')
  })

  it('takes a skill away and stays at that operator', async () => {
    const { wrapper, sent } = await page()
    const lin = wrapper.findAll('[data-test=operator]')[0]!
    await lin.find('.skills button').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ skills: [] })
    expect(document.activeElement).toBe(lin.find('input').element)
  })

  it('keeps what was typed when it could not be written', async () => {
    const { wrapper } = await page('zh-CN', { ...usual, 'PUT /operators/8/skills': refusal(404, 'not_found') })
    const wang = wrapper.findAll('[data-test=operator]')[1]!
    await wang.find('input').setValue('粤语')
    await wang.find('form').trigger('submit')
    await flushPromises()
    expect(wang.find('input').element.value).toBe('粤语')
    expect(wrapper.find('[role=alert]').text()).toMatch(/\p{Script=Han}/u)
  })

  it('reads on from the last shift there is', async () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ ...shifts[1]!, id: 200 - at }))
    const { wrapper } = await page('en', { ...usual, 'GET /shifts': many })
    await wrapper.find('[data-test=shifts-more]').trigger('click')
    await flushPromises()
    expect(wrapper.findAll('[data-test=shift-row]')).toHaveLength(200)
  })

  it('shows an administrator, who takes no alarms, only the languages', async () => {
    await logIn({ actions: ['manage_escalation'] })
    const { wrapper } = await page()
    expect(wrapper.find('[data-test=shift-row]').exists()).toBe(false)
    expect(wrapper.findAll('[data-test=operator]')).toHaveLength(2)
  })

  it('waits for an office that is away', async () => {
    const { wrapper } = await page('en', { ...usual, 'GET /operators': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })

  it('stands in the menu of supervisors and administrators', () => {
    expect(routes[0]?.meta).toMatchObject({ nav: 'team.nav', action: 'manage_escalation' })
  })
})
