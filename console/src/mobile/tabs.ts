/** The tabs of the page, in their order. What else somebody does outside adds a line here. */
import type { Component } from 'vue'

import HoursTab from './HoursTab.vue'
import JobsTab from './JobsTab.vue'
import MoreTab from './MoreTab.vue'
import RoundsTab from './rounds/RoundsTab.vue'
import type { Word } from './words'

export interface Tab {
  id: string
  word: Word
  component: Component
}

export const TABS: readonly Tab[] = [
  { id: 'jobs', word: 'jobs', component: JobsTab },
  { id: 'rounds', word: 'rounds', component: RoundsTab },
  { id: 'hours', word: 'hours', component: HoursTab },
  { id: 'more', word: 'more', component: MoreTab },
]
