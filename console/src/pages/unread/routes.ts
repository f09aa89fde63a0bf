import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/unread',
    name: 'unread',
    component: () => import('./UnreadPage.vue'),
    meta: { nav: 'unread.nav', order: 5, action: 'manage_users' },
  },
]

export default routes
