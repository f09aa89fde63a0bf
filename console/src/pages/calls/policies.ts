/** How calls are made in a region, while it is being edited. */
import { defineStore } from 'pinia'

import type { CallPolicies } from '@/api/calls'
import { regionDraft } from '@/regional/regionDraft'

import { changesOf, draftOf, type Draft } from './policy'

export const useCallPolicies = defineStore('callPolicies', () => regionDraft<CallPolicies, Draft>({ address: (region) => `/calls/policies/${region}`, draftOf, changesOf }))
