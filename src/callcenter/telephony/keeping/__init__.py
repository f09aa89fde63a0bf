"""Lines, number rules and prompts as administrators keep them."""
