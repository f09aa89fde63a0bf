import { describe, expect, it } from 'vitest'

import { inPieces, busyOutside, duration, familyPhones, latinOf, matches, newestAcks, phonesToShow, rowOfDevices, shortHome, staffPhones, textsTo } from './choose'
import { readState, type Device, type Phone } from './state'

const device = (identifier: string, kind: Device['kind'], over: Partial<Device> = {}): Device => ({
  identifier, kind, source: 'dc09', resident: `R${identifier}`, resident_latin: `Lat${identifier}`, home: '7号楼2单元501', home_en: 'Building 7',
  state: 'idle', attempt: 0, pressed_at: null, received_ms: null, text: null, phone: '', ...over,
})

const phone = (owner: string, ...messages: [at: string, direction: 'in' | 'out'][]): Phone => ({
  number: owner, owner, owner_latin: owner, relation: '', relation_en: '', resident: '',
  messages: messages.map(([at, direction], i) => ({ id: `${owner}${i}`, kind: null, text: '', language: 'en', at, direction, state: null })),
})

describe('the row of devices', () => {
  it('shows one device of each resident', () => {
    const devices = [device('1', 'pendant', { resident: 'A' }), device('2', 'elder_phone', { resident: 'A' }), device('3', 'elder_phone', { resident: 'B' }), device('4', 'elder_phone', { resident: 'C' })]
    expect(rowOfDevices(devices, 4).map((d) => d.identifier)).toEqual(['1', '3', '4'])
  })

  it('has two elder phones among the pendants where there are any', () => {
    const devices = [...'1234'].map((i) => device(i, 'pendant')).concat(device('8', 'elder_phone'), device('9', 'elder_phone'))
    expect(rowOfDevices(devices, 4).map((d) => d.identifier)).toEqual(['1', '8', '2', '9'])
  })

  it('leaves detectors and devices of nobody to the full list', () => {
    expect(rowOfDevices([device('1', 'smoke_detector'), device('2', 'pendant', { resident: '' })], 4)).toEqual([])
  })

  it('does not change its order when somebody presses', () => {
    const devices = [...'123'].map((i) => device(i, 'pendant'))
    const pressed = devices.map((d) => (d.identifier === '3' ? { ...d, state: 'sending' as const } : d))
    expect(rowOfDevices(pressed, 3).map((d) => d.identifier)).toEqual(rowOfDevices(devices, 3).map((d) => d.identifier))
  })
})

it('adds devices from the full list while something happens there', () => {
  const devices = [device('1', 'pendant'), device('2', 'smoke_detector', { state: 'sending' }), device('3', 'smoke_detector')]
  expect(busyOutside(devices, [devices[0]!]).map((d) => d.identifier)).toEqual(['2'])
})

it('puts the phone with the newest text first, and an answer does not move it', () => {
  const phones = [phone('a', ['2026-01-01T00:00:01Z', 'out'], ['2026-01-01T00:00:09Z', 'in']), phone('b', ['2026-01-01T00:00:02Z', 'out']), phone('c')]
  expect(phonesToShow(phones, 5).map((p) => p.owner)).toEqual(['b', 'a'])
})

it('shows the newest alarms, each once', () => {
  const ack = (number: number) => ({ number, identifier: null, stored_ms: null, seen_ms: null, sounding_ms: null, taken_ms: null })
  expect(newestAcks([ack(1), ack(3), ack(2), ack(3)], 2).map((a) => a.number)).toEqual([3, 2])
})

it('finds devices by name, address and number in either language', () => {
  const one = device('1000', 'pendant', { resident: '沈玉兰', resident_latin: 'Shen Yulan' })
  expect(['玉兰', 'shen', '７号楼 501', 'building', '1000', ''].every((query) => matches(one, query))).toBe(true)
  expect(matches(one, 'shen 999')).toBe(false)
})

it('writes durations as people read them', () => {
  expect([8.4, 999, 1240, 12_400, 125_000].map(duration)).toEqual(['8 ms', '999 ms', '1.24 s', '12.4 s', '2:05 min'])
})

it('reads the state of an older or newer device process', () => {
  expect(readState('{"server":"up","extra":1}')).toMatchObject({ server: 'up', devices: [], phones: [], acks: [] })
  expect(readState('"nonsense"')).toBeNull()
})

it('leaves the estate out of an address', () => {
  expect(shortHome('榆荫里7号楼2单元501室')).toBe('7号楼2单元501室')
  expect(shortHome('Yuyinli, Building 7, entrance 2, door 501')).toBe('Building 7, entrance 2, door 501')
  expect(shortHome('幸福路12号')).toBe('12号')
  expect(shortHome('农场')).toBe('农场')
})

it('knows the Latin name of a resident from their device', () => {
  const devices = [device('1', 'pendant', { resident: '沈玉兰', resident_latin: 'Shen Yulan' })]
  expect(latinOf(devices, '沈玉兰')).toBe('Shen Yulan')
  expect(latinOf(devices, '某某')).toBe('某某')
})

it('keeps those whom the script is about in front, whoever of them was told something last first', () => {
  const of = (owner: string, place: number | null, ...messages: [string, 'in' | 'out'][]) => ({ ...phone(owner, ...messages), kinds: ['driver'], place })
  const all = [of('other', null, ['2026-03-03', 'out']), of('dong', 2), of('zhang', 1, ['2026-01-01', 'out'])]
  const owners = (phones: Phone[]) => staffPhones(phones, 9, '', '2026-02-01').map((each) => each.owner)
  expect(owners(all)).toEqual(['zhang', 'dong', 'other'])
  expect(owners([...all.filter(({ owner }) => owner !== 'dong'), of('dong', 2, ['2026-02-02', 'out'])])).toEqual(['dong', 'zhang', 'other'])
})

it('counts what came in since the show began, and not what they wrote', () => {
  const one = phone('zhang', ['2026-01-01', 'out'], ['2026-02-02', 'out'], ['2026-02-03', 'in'])
  expect(textsTo([one], '2026-02-01')).toBe(1)
  expect(textsTo([one], '')).toBe(2)
})

it('shows the phones of staff before any text, since one may write first, and apart from families', () => {
  const of = (owner: string, ...messages: [string, 'in' | 'out'][]) => ({ ...phone(owner, ...messages), kinds: ['caregiver'] })
  const all = [of('9'), of('2', ['2026-01-01', 'out']), of('1'), phone('daughter', ['2026-01-02', 'out'])]
  expect(staffPhones(all, 3).map((each) => each.owner)).toEqual(['2', '1', '9'])
  expect(staffPhones(all, 3, '2026-02-01').map((each) => [each.owner, each.messages.length])).toEqual([['1', 0], ['2', 0], ['9', 0]])
  expect(familyPhones(all, 3).map((each) => each.owner)).toEqual(['daughter'])
})

it('finds the address in a text, and nothing else', () => {
  const piece = (words: string, href: string | null = null) => ({ words, href })
  expect(inPieces('能去回1。急询0999-8012349 http://127.0.0.1:8000/f/1cABCDEFGHIJ')).toEqual([
    piece('能去回1。急询0999-8012349 '), piece('http://127.0.0.1:8000/f/1cABCDEFGHIJ', 'http://127.0.0.1:8000/f/1cABCDEFGHIJ'),
  ])
  expect(inPieces('Bldg 7, door 501. javascript:alert(1) 3/4')).toEqual([piece('Bldg 7, door 501. javascript:alert(1) 3/4')])
  expect(inPieces('')).toEqual([])
})
