import { expect, it } from 'vitest'

import type { ContactView } from '@/api/profile'

import { mergeContacts, nextContact, within } from './contacts'

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

const NOON = 12 * 60
const NOTHING = { calls: new Map<number, { result: string; count: number }>(), replies: new Map<number, string>() }
const family = (...changes: Partial<ContactView>[]) => mergeContacts(changes.map((change, index) => ({ ...contact(index + 1, WIFE, index + 1, `第${index + 1}位`, `+86${index}`), ...change })), WIFE)
const nextId = (contacts: ReturnType<typeof family>, tried: Partial<typeof NOTHING> = {}) => nextContact(contacts, { ...NOTHING, ...tried }, NOON)?.contact.id

it.each([
  ['the first of the list', family({}, {}), {}, 1],
  ['not one who lives far away', family({ far_away: true }, {}), {}, 2],
  ['one with a key', family({}, { has_key: true }), {}, 2],
  ['not one who is asleep', family({ reachable: '18:00-22:00' }, {}), {}, 2],
  ['who was not tried, before who was', family({}, {}), { calls: new Map([[1, { result: 'no_answer', count: 1 }]]) }, 2],
  ['who was tried least often', family({}, {}), { calls: new Map([[1, { result: 'busy', count: 1 }], [2, { result: 'no_answer', count: 2 }]]) }, 1],
  ['nobody who was reached', family({}, {}), { calls: new Map([[1, { result: 'reached', count: 1 }]]) }, 2],
  ['nobody who has said no', family({}, {}), { replies: new Map([[1, 'no']]) }, 2],
  ['nobody when all have answered', family({}), { replies: new Map([[1, 'yes']]) }, undefined],
])('calls next %s', (_, contacts, tried, expected) => {
  expect(nextId(contacts, tried)).toBe(expected)
})

it('says why', () => {
  expect(nextContact(family({ has_key: true, distance: '同楼', reachable: '8点至20点' }), NOTHING, NOON)?.because).toEqual(['untried', 'hours', 'key', 'near'])
  expect(nextContact(family({}), { ...NOTHING, calls: new Map([[1, { result: 'busy', count: 1 }]]) }, NOON)?.because).toEqual(['rank'])
})

it.each([
  ['18:00-22:00', NOON, false], ['8点至20点', NOON, true], ['22:00~6:00', 23 * 60, true], ['22:00~6:00', NOON, false], ['白天', NOON, null], ['', NOON, null],
])('reads the hours of %s', (text, minute, expected) => {
  expect(within(text, minute)).toBe(expected)
})
