import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/gateways',
    name: 'gateways',
    component: () => import('./GatewaysPage.vue'),
    meta: { nav: 'gateways.nav', order: 4.95, action: 'manage_escalation' },
  },
]

export default routes
