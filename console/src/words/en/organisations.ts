export default {
  nav: 'Organisations and staff',
  what: { organisations: 'Organisations', facilities: 'Facilities', staff: 'Staff' },
  add: { organisations: 'Enter an organisation', facilities: 'Enter a facility', staff: 'Enter somebody' },
  none: { organisations: 'There is no such organisation.', facilities: 'There is no such facility.', staff: 'There is nobody like that.' },
  any: 'All',
  with_ended: 'Also those that have ended',
  ended: 'ended',
  cert_lapsed: 'health certificate has run out',
  save: 'Save',
  close: 'Close',
  unsaved: 'There are unsaved changes. Leave anyway?',
  field: {
    name: 'Name', name_en: 'English name', kind: 'Kind', kinds: 'What they are', uscc: 'Unified social credit code', areas: 'Helps in further regions', region_id: 'Region', parent_id: 'Belongs to', operator_id: 'Run by', employer_id: 'Works for',
    until_day: 'Ends on', hours: 'Open', beds: 'Beds', area_m2: 'Area (m²)', level: 'Level', lat: 'Latitude (WGS-84)', lng: 'Longitude (WGS-84)', functions: 'Is also',
    phone: 'Phone', skills: 'Skills (one a line)', languages: 'Languages and dialects (one a line)', vehicle: 'Vehicle', health_cert_until: 'Health certificate until', active_from: 'Helps from', active_until: 'Helps until',
  },
  option: {
    kind: {
      community: 'Community', street_office: 'Street office', department: 'Department', provider: 'Provider', association: 'Association', enterprise: 'Enterprise', shop: 'Shop', centre_operator: 'Operator of the centre',
      centre: 'Care centre', day_station: 'Day care', canteen: 'Canteen', mutual_aid_point: 'Mutual aid point', station: 'Care station', institution: 'Care home', service_point: 'Service point',
    },
    functions: { centre: 'Care centre', day_station: 'Day care', canteen: 'Canteen', mutual_aid_point: 'Mutual aid point', station: 'Care station', institution: 'Care home', service_point: 'Service point' },
    kinds: {
      grid_worker: 'Grid worker', social_worker: 'Social worker', caregiver: 'Caregiver', volunteer: 'Volunteer', driver: 'Driver', doctor: 'Doctor', nurse: 'Nurse', technician: 'Technician', cook: 'Cook', neighbour: 'Neighbour', key_holder: 'Key holder',
    },
  },
  hint: { uscc: '18 characters; the last one checks the others', ends: 'From this day on they serve no more; nothing is removed', languages: 'Such as Mandarin, Northern Shaanxi dialect' },
  place: { title: 'Place on the map', help: 'Click on the map, or move it and press Space for the cross in the middle.', no_map: 'This region has no map yet: write latitude and longitude.' },
  area: { add: 'Add a region…', drop: 'Take {name} out' },
  log: { title: 'Who changed what', none: 'Nobody has changed anything yet.', line: '{what}: {before} → {after}', nothing: '(nothing)' },
  error: {
    uscc_form: 'A social credit code has 18 digits and capitals, without I, O, S, V and Z.',
    uscc_check: 'The check character does not fit: one is wrong, or two are swapped.',
    uscc_taken: 'Another organisation is registered with this code.',
    own_parent: 'It cannot belong to itself, nor to what belongs to it.',
    changed_meanwhile: 'Somebody has just changed this: close it, open it again and repeat your change.',
  },
}
