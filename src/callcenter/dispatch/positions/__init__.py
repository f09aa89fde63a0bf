"""Where whoever is on duty is: kept, shown as blue dots, forgotten."""
