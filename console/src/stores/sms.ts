/** Texts to contacts by incident, each only ever replaced by a newer version. */
import { defineStore } from 'pinia'
import { reactive } from 'vue'

import type { SmsView } from '@/api/wire'

export const useSms = defineStore('sms', () => {
  const byIncident = reactive(new Map<string, Map<string, SmsView>>())

  function apply(messages: readonly SmsView[]): void {
    for (const message of messages) {
      if (!message.incident_id) continue
      const known = byIncident.get(message.incident_id) ?? new Map<string, SmsView>()
      byIncident.set(message.incident_id, known)
      const have = byIncident.get(message.incident_id)?.get(message.id)
      if (!have || have.version < message.version) byIncident.get(message.incident_id)!.set(message.id, message)
    }
  }

  function of(incidentId: string): SmsView[] {
    return [...(byIncident.get(incidentId)?.values() ?? [])].sort((a, b) => a.created_at.localeCompare(b.created_at))
  }

  return { byIncident, apply, of }
})
