/** Dark, light, or as the system has it; kept by this browser. A seat is dark unless somebody says otherwise: nights are. */
import { ref } from 'vue'

export const THEMES = ['dark', 'light', 'system'] as const
export type Theme = (typeof THEMES)[number]

const STORED = 'callcenter.theme'

function stored(): Theme {
  const kept = localStorage.getItem(STORED)
  return THEMES.find((each) => each === kept) ?? 'dark'
}

export const theme = ref<Theme>(stored())

/** What is shown for a choice, where the system asks for light or not. */
export function shownFor(chosen: Theme, systemIsLight: boolean): 'dark' | 'light' {
  return chosen === 'light' || (chosen === 'system' && systemIsLight) ? 'light' : 'dark'
}

function paint(system: { matches: boolean }): void {
  document.documentElement.dataset.theme = shownFor(theme.value, system.matches)
}

const ofTheSystem = () => matchMedia('(prefers-color-scheme: light)')

export function setTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem(STORED, chosen)
  paint(ofTheSystem())
}

export const nextTheme = (now: Theme): Theme => THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]!

/** For as long as the page lives: the system may change at dusk. */
export function followTheme(): void {
  const system = ofTheSystem()
  paint(system)
  system.addEventListener('change', paint)
}
