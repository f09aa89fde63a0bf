import { describe, expect, it } from 'vitest'

import type { TimelineView } from '@/api/wire'

import { forwardedIn, lookOf } from './forwarding'

const said = (number: number, kind: string, data: object) => ({ incident_id: 'i', number, at: `2026-03-14T04:12:0${number}Z`, kind, user_id: null, user_name: null, data }) as unknown as TimelineView
const WENT = said(1, 'forwarded', { forwarding_id: 'f', centre_id: 4, centre: '区中心', phone: '12349', why: 'unmanned', reason: '' })
const answered = (number: number, state: string) => said(number, 'forward_answered', { forwarding_id: 'f', centre: '区中心', state, error: state === 'delivered' ? null : 'no_answer', again: false })

describe('forwarded', () => {
  it('is sent until anything is heard of it', () => {
    expect(forwardedIn([WENT])).toMatchObject([{ id: 'f', centre: '区中心', phone: '12349', state: 'sent' }])
  })

  it('never looks done by a receipt of their machine', () => {
    const [one] = forwardedIn([WENT, answered(2, 'delivered')])
    expect(one!.state).toBe('delivered')
    expect(lookOf(one!)).toBe('warn')
  })

  it('is loud where it did not arrive', () => {
    for (const state of ['waiting', 'refused', 'unknown', 'expired']) expect(lookOf(forwardedIn([WENT, answered(2, state)])[0]!)).toBe('alarm')
  })

  it('is good once a person has it, whatever the machine said', () => {
    const accepted = said(3, 'forward_accepted', { forwarding_id: 'f', centre: '区中心', by: '赵班长', how: 'phone', accepted_at: '2026-03-14T04:13:00Z', note: '' })
    const [one] = forwardedIn([WENT, answered(2, 'unknown'), accepted])
    expect(one).toMatchObject({ acceptedBy: '赵班长', acceptedHow: 'phone', state: 'unknown' })
    expect(lookOf(one!)).toBe('ok')
  })

  it('knows nothing of a forwarding that it was not told of', () => {
    expect(forwardedIn([answered(1, 'delivered')])).toEqual([])
  })
})
