"""Places, people and devices taken together: the profile of a home, import and export, the region tree's upkeep."""
