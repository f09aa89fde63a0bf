import { describe, expect, it } from 'vitest'

import { numberOf, QUESTIONS, serviceOf, SERVICES } from './services'

describe('a service to call', () => {
  it('is the fire brigade for smoke and gas, and the ambulance for a key or a fall', () => {
    expect(['smoke', 'gas', 'sos', 'fall', 'unknown'].map(serviceOf)).toEqual(['fire', 'fire', 'ambulance', 'ambulance', 'ambulance'])
  })

  it('is dialled as the region says, else as the country does', () => {
    expect(numberOf('ambulance', { ambulance: '0999-120' })).toBe('0999-120')
    expect(SERVICES.map((each) => numberOf(each, { fire: '' }))).toEqual(['120', '119', '110'])
    expect(numberOf('fire', null)).toBe('119')
  })

  it('asks nobody about medicines while a home burns', () => {
    expect(QUESTIONS.fire).not.toContain('medicines')
    for (const service of SERVICES) expect(QUESTIONS[service]).toContain('call_back')
  })
})
