"""Call lists: whom the centre rings up by itself, from the daily well-being call to the roll-call after an outage."""
