import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/users',
    name: 'users',
    component: () => import('./UsersPage.vue'),
    meta: { nav: 'users.nav', order: 8, action: 'manage_users' },
  },
]

export default routes
