import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/residents',
    name: 'residents',
    component: () => import('./ResidentsPage.vue'),
    meta: { nav: 'residents.nav', action: 'see_profiles' },
  },
]

export default routes
