import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/doubles',
    name: 'doubles',
    component: () => import('./DoublesPage.vue'),
    meta: { nav: 'doubles.nav', order: 12, action: 'edit_residents' },
  },
]

export default routes
