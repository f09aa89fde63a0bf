"""Lists of calls that the centre rings by itself: made of everybody in a region, or those that are there, and how far each has got."""
