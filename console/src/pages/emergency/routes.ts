import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/emergency',
    name: 'emergency',
    component: () => import('./EmergencyPage.vue'),
    meta: { nav: 'emergency.nav', action: 'break_glass' },
  },
]

export default routes
