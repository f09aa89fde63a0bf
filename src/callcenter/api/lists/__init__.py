"""Lists as files: what a page shows, all of it, for a spreadsheet."""
