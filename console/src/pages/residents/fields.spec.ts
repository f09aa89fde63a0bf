import { describe, expect, it } from 'vitest'

import { blank, changesOf, draftOf, isChanged } from '@/domain/form'

import { CONTACT, HOME, RESIDENT } from './fields'

const record = { name: '沈玉兰', phone: '+8613900001001', welfare: ['no_family', 'lost_only_child'], hazards: ['抗凝药'], english: { talk_note: 'slowly' }, status: 'home' }

describe('what a form sends', () => {
  it('is nothing as long as nothing is changed', () => {
    const before = draftOf(RESIDENT, record)
    expect(changesOf(RESIDENT, before, draftOf(RESIDENT, record))).toEqual({})
    expect(isChanged(RESIDENT, before, draftOf(RESIDENT, record))).toBe(false)
  })

  it('is the changed fields alone', () => {
    const after = { ...draftOf(RESIDENT, record), name: ' 沈玉兰 ', risk: 'high', medicines: '华法林' }
    expect(changesOf(RESIDENT, draftOf(RESIDENT, record), after)).toEqual({ risk: 'high', medicines: '华法林' })
  })

  it('takes a number out by null, a note by nothing', () => {
    const before = draftOf(RESIDENT, { ...record, medicines: 'x' })
    expect(changesOf(RESIDENT, before, { ...before, phone: '  ', medicines: '' })).toEqual({ phone: null, medicines: '' })
  })

  it('does not take the order of categories for a change', () => {
    const before = draftOf(RESIDENT, record)
    expect(changesOf(RESIDENT, before, { ...before, welfare: ['lost_only_child', 'no_family'] })).toEqual({})
  })

  it('drops empty lines and empty English wordings', () => {
    const before = draftOf(RESIDENT, record)
    const after = { ...before, hazards: ['抗凝药', ' 跌倒 ', ''], english: { talk_note: ' ', medicines: 'warfarin' } }
    expect(changesOf(RESIDENT, before, after)).toEqual({ hazards: ['抗凝药', '跌倒'], english: { medicines: 'warfarin' } })
  })

  it('reads figures out of text fields', () => {
    const before = draftOf(HOME, { floor: 5, lat: 40.1 })
    expect(changesOf(HOME, before, { ...before, floor: '6', lat: '' })).toEqual({ floor: 6, lat: null })
  })

  it('never sends the identity number back unless a new one is typed', () => {
    const before = draftOf(RESIDENT, record)
    expect(before.identity_number).toBeNull()
    expect(changesOf(RESIDENT, before, { ...before, identity_number: '110101194306123456' })).toEqual({ identity_number: '110101194306123456' })
  })
})

it('starts a new resident at home with low risk, a new contact with consent', () => {
  expect(blank(RESIDENT)).toMatchObject({ status: 'home', risk: 'low', language: 'zh-CN', welfare: [], phone: null })
  expect(blank(CONTACT)).toMatchObject({ sms_consent: true, has_key: false, name: '' })
})

it('keeps what a form holds apart from the record it came from', () => {
  const draft = draftOf(RESIDENT, record)
  ;(draft.welfare as string[]).push('preferential')
  expect(record.welfare).toHaveLength(2)
})
