import { expect, it } from 'vitest'

import type { ContactView } from '@/api/profile'

import { mergeContacts } from './contacts'

const HUSBAND = 1
const WIFE = 2

function contact(id: number, resident_id: number, rank: number, name: string, phone: string, has_key = false): ContactView {
  return {
    id, version: 1, resident_id, rank, name, name_latin: '', relation: '', relation_en: '', phone, distance: '', far_away: false, has_key, reachable: '', sms_consent: true,
    language: 'zh-CN', english: {},
  }
}

it('asks the contacts of whoever pressed first, by rank', () => {
  const contacts = [contact(1, HUSBAND, 2, '女儿', '+861'), contact(2, HUSBAND, 1, '儿子', '+862'), contact(3, WIFE, 1, '侄女', '+863')]
  expect(mergeContacts(contacts, WIFE).map((each) => each.name)).toEqual(['侄女', '儿子', '女儿'])
})

it('shows a child of both once, with the key that either list knows of', () => {
  const contacts = [contact(1, HUSBAND, 1, '乔志远', '+862'), contact(2, WIFE, 1, '乔志远', '+862', true)]
  expect(mergeContacts(contacts, HUSBAND)).toMatchObject([{ ids: [1, 2], residentIds: [HUSBAND, WIFE], has_key: true }])
})

it('keeps two people apart who share a telephone', () => {
  expect(mergeContacts([contact(1, HUSBAND, 1, '乔志远', '+862'), contact(2, HUSBAND, 2, '乔志华', '+862')], null)).toHaveLength(2)
})
