"""People of the field that nobody is: they walk, drive, answer or do not, and lose the network."""
