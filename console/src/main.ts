import { createPinia } from 'pinia'
import { createApp } from 'vue'

import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/ui/tokens.css'
import '@/ui/base.css'
import { followTheme } from '@/ui/theme'
import App from '@/App.vue'
import { currentLanguage, i18n, setLanguage } from '@/words'
import { router } from '@/router'
import { countOnce } from '@/shell/twice'

setLanguage(currentLanguage())
followTheme()
countOnce()
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
