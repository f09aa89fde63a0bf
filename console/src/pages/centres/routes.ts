import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/centres',
    name: 'centres',
    component: () => import('./CentresPage.vue'),
    meta: { nav: 'centres.nav', order: 4.6, action: 'manage_escalation' },
  },
]

export default routes
