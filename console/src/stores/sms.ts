/** Texts to contacts by incident, each only ever replaced by a newer version. */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

import type { SmsView } from '@/api/wire'

import { whenDropped } from './holding'

export const useSms = defineStore('sms', () => {
  const byIncident = shallowReactive(new Map<string, readonly SmsView[]>())

  function apply(messages: readonly SmsView[]): void {
    for (const message of messages) {
      if (!message.incident_id) continue
      const known = byIncident.get(message.incident_id) ?? []
      const have = known.find((each) => each.id === message.id)
      if (have && have.version >= message.version) continue
      byIncident.set(message.incident_id, [...known.filter((each) => each !== have), message].sort((a, b) => a.created_at.localeCompare(b.created_at)))
    }
  }

  const of = (incidentId: string): readonly SmsView[] => byIncident.get(incidentId) ?? []

  whenDropped(() => byIncident.clear())

  return { byIncident, apply, of }
})
