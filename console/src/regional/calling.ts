/** The policy that is being edited. */
import { defineStore } from 'pinia'

import { regionDraft } from '@/regional/regionDraft'

import { changesOf, draftOf, type Calling, type Draft } from './times'

export const useCalling = defineStore('calling', () => regionDraft<Calling, Draft>({ address: (region) => `/regions/${region}/escalation`, draftOf, changesOf }))
