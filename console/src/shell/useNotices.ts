/** What catches the eye of somebody who looks elsewhere: the title flashes, the desktop notifies, a screen reader hears. */
import { onUnmounted, ref, watch, type Ref } from 'vue'

import type { IncidentView } from '@/api/wire'
import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'
import { useWording } from '@/words/wording'

const FLASH_MS = 1_000

export function useNotices(): { announcement: Ref<string>; notify(fresh: IncidentView[]): void } {
  const { t, who, shortPlace } = useWording()
  const duty = useDuty()
  const incidents = useIncidents()
  const announcement = ref('')
  const shown = new Map<string, Notification>()
  let bright = false

  function drawTitle(): void {
    bright = !bright
    const waiting = duty.waitingCount
    document.title = waiting && bright ? t('seat.alarm_title', { n: waiting }) : t('seat.title')
  }

  const flashing = setInterval(drawTitle, FLASH_MS)

  function notify(fresh: IncidentView[]): void {
    const latest = fresh.at(-1)!
    announcement.value = t('seat.queue.new_alarm', { who: who(latest), where: shortPlace(latest.card), n: duty.waitingCount })
    if (!duty.onDuty || document.visibilityState === 'visible') return
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    for (const incident of fresh.slice(-3)) show(incident)
  }

  function show(incident: IncidentView): void {
    const body = t('seat.notify.body', { who: who(incident), where: shortPlace(incident.card) })
    const notification = new Notification(t('seat.notify.title'), { body, tag: incident.id, requireInteraction: true })
    notification.onclick = () => window.focus()
    shown.set(incident.id, notification)
  }

  watch(
    () => incidents.ringing,
    () => {
      for (const [id, notification] of shown) {
        if (incidents.byId.get(id)?.state === 'waiting') continue
        notification.close()
        shown.delete(id)
      }
    },
  )

  onUnmounted(() => {
    clearInterval(flashing)
    for (const notification of shown.values()) notification.close()
    document.title = t('seat.title')
  })
  return { announcement, notify }
}
