import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/emergency',
    name: 'emergency',
    component: () => import('./EmergencyPage.vue'),
    meta: { nav: 'emergency.nav', order: 1.8, action: 'break_glass' },
  },
]

export default routes
