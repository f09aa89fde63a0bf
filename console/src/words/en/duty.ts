export default {
  leave: {
    title: 'Alarms are still open',
    text: 'Alarms still open: {n}. Off duty, this seat no longer rings and no longer counts as manned.',
    stay: 'Stay on duty',
    go: 'Go off duty all the same',
  },
}
