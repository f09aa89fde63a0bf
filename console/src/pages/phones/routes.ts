import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/phones',
    name: 'phones',
    component: () => import('./PhonesPage.vue'),
    meta: { nav: 'phones.nav', action: 'dispatch' },
  },
]

export default routes
