export default {
  exercise: { title: 'EXERCISE', text: 'A night of before, for training. Nobody here needs help, and no text leaves.' },
  theme: { dark: 'Theme: dark', light: 'Theme: light', system: 'Theme: as the system' },
  areas: 'Areas',
  pages: 'Pages: {area}',
  area: {
    seat: 'Seat',
    calls: 'Calls',
    dispatch: 'Dispatch',
    services: 'Services',
    records: 'Records',
    money: 'Money',
    figures: 'Figures',
    manage: 'Admin',
  },
  group: { people: 'People and rights', calling: 'Regions and calling', devices: 'Devices and lines', practice: 'Tests and drills', watching: 'Oversight' },
}
