import { describe, expect, it } from 'vitest'

import type { TimelineView } from '@/api/wire'

import { isGoing, isLate, lookOf, loudMark, minutesUntil, sentIn } from './sending'

let number = 0
const at = (minute: number) => `2026-03-14T04:${String(minute).padStart(2, '0')}:00Z`
const said = (kind: string, data: object, minute = 10) => ({ incident_id: 'a', number: (number += 1), at: at(minute), kind, user_id: null, user_name: null, data }) as unknown as TimelineView
const sent = (id: string | null = 't', parts: object = {}) => said('sent', { task_id: id, what: 'look in', staff: '', until: at(55), ...parts })
const step = (name: string, parts: object = {}, minute = 11) => said('field', { task_id: 't', step: name, staff_id: 12, staff: '李萍', minutes: null, eta: null, reason: '', happened_at: at(minute), ...parts }, minute)
const last = (...entries: TimelineView[]) => sentIn(entries).at(-1)!

describe('what has become of those who were sent', () => {
  it('names whom it waits for, and waits for nobody once each has said no', () => {
    const asked = [sent(), step('offered', { minutes: 7 }), step('offered', { staff_id: 13, staff: '王芳' })]
    expect([...last(...asked).asked.values()]).toEqual([{ name: '李萍', minutes: 7 }, { name: '王芳', minutes: null }])
    expect(last(...asked, step('declined')).state).toBe('offered')
    const nobody = last(...asked, step('declined'), step('expired', { staff_id: 13 }))
    expect([nobody.state, nobody.asked.size, lookOf(nobody)]).toEqual(['open', 0, 'warn'])
    expect(lookOf(last(...asked, step('unplaced', { staff_id: null })))).toBe('alarm')
  })

  it('says who comes and when, that they are there, and that they have left', () => {
    const way = [sent(), step('offered'), step('accepted'), step('set_out', { minutes: 7, eta: at(18) }, 12)]
    const coming = last(...way)
    expect([coming.state, coming.staff, coming.staffId, coming.eta, isGoing(coming), coming.asked.size]).toEqual(['under_way', '李萍', 12, at(18), true, 0])
    expect(last(...way, step('eta_changed', { eta: at(25) })).eta).toBe(at(25))
    const there = last(...way, step('arrived', {}, 19))
    expect([there.state, there.at, there.eta]).toEqual(['arrived', at(19), ''])
    expect(lookOf(last(...way, step('arrived'), step('done')))).toBe('')
  })

  it('is asked for anew when whoever had it gives it back', () => {
    const back = last(sent(), step('accepted'), step('given_back', { reason: 'flat tyre' }))
    expect([back.state, back.staff, back.reason]).toEqual(['open', '', 'flat tyre'])
  })

  it('keeps a worker in need in sight until they are out, and changes nothing else by it', () => {
    const need = last(sent(), step('accepted'), step('arrived'), step('help'))
    expect([need.state, need.trouble, lookOf(need)]).toEqual(['arrived', 'help', 'alarm'])
    expect(last(sent(), step('arrived'), step('overdue_out'), step('done')).trouble).toBe('')
    expect(last(sent(), step('arrived'), step('overdue_out'), step('called', { reason: 'still_there' })).trouble).toBe('')
    expect(last(sent(), step('arrived'), step('help'), step('called', { reason: 'still_there' })).trouble).toBe('help')
  })

  it('shows of a drill that nobody is asked, and what a desk has entered without the seat', () => {
    expect(last(sent(null))).toMatchObject({ practice: true, state: 'open' })
    expect(isLate(last(sent(null)), Date.parse(at(59)))).toBe(false)
    expect(last(step('offered', { task_id: 'd' }))).toMatchObject({ id: 'd', state: 'offered' })
  })

  it('is late when nobody is there in time', () => {
    const coming = last(sent(), step('accepted'))
    expect([isLate(coming, Date.parse(at(54))), isLate(coming, Date.parse(at(56)))]).toEqual([false, true])
    expect(isLate(last(sent(), step('arrived')), Date.parse(at(56)))).toBe(false)
  })

  it('counts begun minutes, and what has passed', () => {
    expect([minutesUntil(at(18), Date.parse(at(12)) + 1_000), minutesUntil(at(12), Date.parse(at(15)))]).toEqual([6, -3])
  })

  it('hears a worker in need before anything else', () => {
    expect(loudMark(['field_unplaced', 'taker_lost', 'field_help'])).toBe('field_help')
    expect(loudMark(['taker_lost'])).toBeNull()
  })
})
