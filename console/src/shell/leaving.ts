/** Whether somebody would be left alone if this seat went now. */
import { computed, onMounted, onUnmounted } from 'vue'

import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'
import { useTelephone } from '@/telephone/telephone'

/** Alarms that count on this seat: whatever lies with its operator, and while on duty everything that is open. */
export function useLeftAlone() {
  const duty = useDuty()
  const incidents = useIncidents()
  return computed(() => {
    const alarms = (duty.onDuty ? incidents.open : incidents.mine).filter((incident) => incident.signal_class === 'alarm')
    return alarms.length
  })
}

/** Closing the tab, loading it anew and going back ask as going off duty does, in the browser's words; so does whoever is spoken with. */
export function useQuestionBeforeUnload(): void {
  const leftAlone = useLeftAlone()
  const telephone = useTelephone()
  function ask(event: BeforeUnloadEvent): void {
    if (leftAlone.value || telephone.talks.length) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', ask))
  onUnmounted(() => removeEventListener('beforeunload', ask))
}
