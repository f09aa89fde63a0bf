"""People and homes that were registered twice: found, made one, and parted again."""
