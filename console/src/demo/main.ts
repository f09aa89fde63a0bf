/** Entry of the demo page. */
import '@/theme/tokens.css'
import '@/theme/base.css'
