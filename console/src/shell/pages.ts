/** The pages of the main menu that this user may see, in their order. */
import { computed } from 'vue'
import { useRouter } from 'vue-router'

import { useSession } from '@/stores/session'

export function usePages() {
  const router = useRouter()
  const session = useSession()
  return computed(() =>
    router
      .getRoutes()
      .filter(({ meta }) => meta.nav && (!meta.action || session.may(meta.action)))
      .sort((a, b) => (a.meta.order ?? 99) - (b.meta.order ?? 99)),
  )
}
