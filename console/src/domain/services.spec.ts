import { describe, expect, it } from 'vitest'

import { numberOf, QUESTIONS, UNTOLD } from './services'

describe('a service to call', () => {
  it('is dialled as the region says, else as the country does', () => {
    const numbers = { ambulance: '0999-120', fire: '', police: '', hotline: '' }
    expect(UNTOLD.map((each) => numberOf(each, { numbers, services: [] }))).toEqual(['0999-120', '119', '110'])
    expect(numberOf('fire', null)).toBe('119')
  })

  it('asks nobody about medicines while a home burns', () => {
    expect(QUESTIONS.fire).not.toContain('medicines')
    for (const service of UNTOLD) expect(QUESTIONS[service]).toContain('call_back')
  })
})
