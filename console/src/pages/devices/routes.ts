import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/devices',
    name: 'devices',
    component: () => import('./DevicesPage.vue'),
    meta: { nav: 'devices.nav', order: 4.7, action: 'manage_devices' },
  },
  {
    path: '/strangers',
    name: 'strangers',
    component: () => import('./StrangersPage.vue'),
    meta: { nav: 'devices.strangers.nav', order: 4.8, action: 'manage_devices' },
  },
]

export default routes
