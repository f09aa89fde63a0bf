import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import type { AuditEntry, Chain } from '@/api/audit'
import { away, eachInAFreshBrowser, foreignWords, serve, show } from '@/testing/pages'

import AuditPage from './AuditPage.vue'
import ChainCheck from './ChainCheck.vue'
import { filterOf, queryOf } from './trail'

const entry = (parts: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e-1', number: 12, at: '2026-11-22T04:12:00Z', user_id: 7, user_name: '林岚', user_name_en: 'Lin Lan', action: 'resident_seen', what: '查看老人档案', what_en: "resident's record seen",
  subject: 'resident:3', subject_name: '沈玉兰', subject_name_en: 'Shen Yulan', region_ids: [1], address: '10.0.0.7', detail: { fields: ['phone'] }, ...parts,
})
const pushed = entry({ id: 'e-2', number: null, user_id: null, user_name: '', user_name_en: '', action: 'card_pushed', what: '求助卡片显示在值守坐席', what_en: 'card shown at the seats on duty', subject: 'incident:a', subject_name: '', subject_name_en: '', detail: {} })
const kinds = [{ action: 'resident_seen', what: '查看老人档案', what_en: "resident's record seen" }]
const people = { users: [{ id: 7, login: 'linlan', name: '林岚', name_en: 'Lin Lan' }], residents: [{ id: 3, name: '沈玉兰', name_latin: 'Shen Yulan', address: '7号楼', address_en: 'Building 7' }] }
const answers = { '/audit': { entries: [entry(), pushed], before: null, resident_name: '沈玉兰', resident_name_en: 'Shen Yulan' }, '/audit/kinds': kinds, '/audit/people': people }
const chain = (parts: Partial<Chain> = {}): Chain => ({ first: 1, last: 12, broken: null, head_number: 12, head_hash: 'ab12', outside: 0, ...parts })

async function page(language: 'zh-CN' | 'en' = 'en') {
  const shown = show(AuditPage, language)
  await flushPromises()
  return shown
}

describe('the audit page', () => {
  eachInAFreshBrowser({ actions: ['read_audit'] })

  it.each(['zh-CN', 'en'] as const)('says in %s who did what to whom', async (language) => {
    serve(answers)
    const { wrapper, missing } = await page(language)
    const [seen, other] = wrapper.findAll('[data-test=audit-row]').map((row) => row.text())
    expect(seen).toContain(language === 'en' ? 'Lin Lan' : '林岚')
    expect(seen).toContain(language === 'en' ? 'Shen Yulan' : '沈玉兰')
    expect(other).toContain('incident:a')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('keeps what is asked for in its address, and asks again when that changes', async () => {
    serve(answers)
    const { wrapper, router } = await page()
    await wrapper.get('[data-test=audit-kind]').setValue('resident_seen')
    await flushPromises()
    await wrapper.findAll('.audit__ask')[1]!.trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ kind: 'resident_seen', resident: '3' })
    expect(wrapper.get('h1').text()).toBe('Who has looked at Shen Yulan')
    expect(wrapper.find('[data-test=audit-export]').exists()).toBe(true)
    await wrapper.get('[data-test=audit-clear]').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({})
  })

  it('finds by name whom to ask about', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    serve(answers)
    const { wrapper, router } = await page()
    await wrapper.get('[data-test=audit-person]').setValue('shen')
    await vi.advanceTimersByTimeAsync(300)
    await wrapper.get('[data-test=audit-resident]').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ resident: '3' })
    expect(wrapper.find('[data-test=audit-user]').exists()).toBe(false)
  })

  it('goes on behind the last entry, and prints everything', async () => {
    const print = vi.fn()
    vi.stubGlobal('print', print)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url)
      return new Response(JSON.stringify(url.includes('kinds') ? kinds : url.includes('before=') ? { ...answers['/audit'], entries: [pushed] } : { ...answers['/audit'], entries: [entry()], before: 'e-1' }))
    })
    const { wrapper } = await page()
    expect(wrapper.findAll('[data-test=audit-row]')).toHaveLength(1)
    await wrapper.get('[data-test=audit-print]').trigger('click')
    await flushPromises()
    await vi.runAllTimersAsync()
    expect(asked.filter((url) => url.includes('before=e-1'))).toHaveLength(1)
    expect(wrapper.findAll('[data-test=audit-row]')).toHaveLength(2)
    expect(print).toHaveBeenCalledOnce()
  })

  it('says that the office is away', async () => {
    serve({ '/audit': away() })
    const { wrapper } = await page()
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})

describe('the check of the chain', () => {
  eachInAFreshBrowser({ actions: ['read_audit'] })

  async function check(...parts: Chain[]) {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url.replace('/api/v1/audit/chain', ''))
      return new Response(JSON.stringify(parts[Math.min(asked.length, parts.length) - 1]))
    })
    const { wrapper, missing } = show(ChainCheck, 'en')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(missing).toEqual([])
    return { result: wrapper.get('[data-test=chain-result]'), wrapper, asked }
  }

  it('goes through all parts and says from which to which it holds', async () => {
    const { result, asked } = await check(chain({ last: 5 }), chain({ first: 6 }))
    expect(asked).toEqual(['?first=1', '?first=6'])
    expect(result.text()).toContain('Entries 1 to 12 are as they were written')
  })

  it.each([['changed', 'Entry no. 3 is not as it was written'], ['gone', 'Entry no. 3 is missing']] as const)('names the first that is %s and stops there', async (fault, said) => {
    const { result, asked } = await check(chain({ last: 5, broken: { number: 3, fault } }))
    expect(result.text()).toContain(said)
    expect(result.attributes('role')).toBe('alert')
    expect(asked).toHaveLength(1)
  })

  it('says what should be in the chain and is not', async () => {
    const { wrapper } = await check(chain({ outside: 2 }))
    expect(wrapper.text()).toContain('2 entries older than ten minutes are not in the chain')
  })
})

it('reads nothing from an address that is no filter', () => {
  expect(queryOf(filterOf({ user: 'x', resident: '3', kind: '', from: '2026-3-1', to: '2026-03-14' }))).toEqual({ resident: '3', to: '2026-03-14' })
})
