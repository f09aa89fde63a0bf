import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/sources',
    name: 'sources',
    component: () => import('./SourcesPage.vue'),
    meta: { nav: 'sources.nav', order: 4.9, action: 'manage_users' },
  },
]

export default routes
