export default {
  leave: {
    title: 'Alarms are still open',
    text: 'Alarms still open: {n}. Without you this seat no longer rings and no longer counts as manned; what lies with you goes back to the queue.',
    stay_duty: 'Stay on duty',
    go_duty: 'Go off duty all the same',
    stay_sign_out: 'Stay signed in',
    go_sign_out: 'Sign out all the same',
  },
}
