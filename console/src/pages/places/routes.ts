import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/places',
    name: 'places',
    component: () => import('./PlacesPage.vue'),
    meta: { nav: 'places.nav', order: 2.5, action: 'see_profiles' },
  },
]

export default routes
