import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/unread',
    name: 'unread',
    component: () => import('./UnreadPage.vue'),
    meta: { nav: 'unread.nav', action: 'manage_users' },
  },
]

export default routes
