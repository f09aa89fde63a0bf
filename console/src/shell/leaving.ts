/** Whether somebody would be left alone if this seat went now. */
import { computed, onMounted, onUnmounted } from 'vue'

import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'

/** Alarms that count on this seat: whatever lies with its operator, and while on duty everything that is open. */
export function useLeftAlone() {
  const duty = useDuty()
  const incidents = useIncidents()
  return computed(() => {
    const alarms = (duty.onDuty ? incidents.open : incidents.mine).filter((incident) => incident.signal_class === 'alarm')
    return alarms.length
  })
}

/** Closing the tab, loading it anew and going back ask as going off duty does, in the browser's words. */
export function useQuestionBeforeUnload(): void {
  const leftAlone = useLeftAlone()
  function ask(event: BeforeUnloadEvent): void {
    if (leftAlone.value) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', ask))
  onUnmounted(() => removeEventListener('beforeunload', ask))
}
