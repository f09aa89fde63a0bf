/** Entry of the wall. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'

import '@/ui/tokens.css'
import '@/ui/base.css'
import WallApp from '@/wall/WallApp.vue'
import { currentLanguage, i18n, setLanguage } from '@/words'

setLanguage(currentLanguage())
// The log-in asks on which page it stands; the wall is one page.
const router = createRouter({ history: createWebHashHistory(), routes: [{ path: '/:all(.*)*', component: WallApp }] })
createApp(WallApp).use(createPinia()).use(i18n).use(router).mount('#app')
