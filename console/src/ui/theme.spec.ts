import { beforeEach, describe, expect, it, vi } from 'vitest'

import { followTheme, nextTheme, setTheme, shownFor, theme } from './theme'

describe('the theme', () => {
  let tell: (system: { matches: boolean }) => void
  const system = { matches: false, addEventListener: (_: string, heard: typeof tell) => (tell = heard) }
  const shown = () => document.documentElement.dataset.theme

  beforeEach(() => {
    vi.stubGlobal('matchMedia', () => system)
    system.matches = false
    setTheme('dark')
  })

  it.each([['dark', true, 'dark'], ['light', false, 'light'], ['system', true, 'light'], ['system', false, 'dark']] as const)('%s is, with a system that is light: %s, %s', (chosen, light, expected) => {
    expect(shownFor(chosen, light)).toBe(expected)
  })

  it('is kept by the browser', () => {
    setTheme('light')
    expect([shown(), localStorage.getItem('callcenter.theme')]).toEqual(['light', 'light'])
  })

  it('follows the system at dusk, if it is asked to', () => {
    followTheme()
    setTheme('system')
    system.matches = true
    tell(system)
    expect(shown()).toBe('light')
  })

  it('goes round', () => {
    expect([nextTheme('dark'), nextTheme('light'), nextTheme('system')]).toEqual(['light', 'system', 'dark'])
    expect(theme.value).toBe('dark')
  })
})
