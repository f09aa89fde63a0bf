export default {
  title: 'Go to',
  words: 'Name, pinyin, phone, address, incident number, device or page',
  asking: 'Searching …',
  none: 'Nothing found',
  hint: '↑ ↓ to choose, Enter to open',
  in_stock: 'Not assigned',
  group: { pages: 'Pages', incidents: 'Incidents', residents: 'Residents', devices: 'Devices' },
}
