"""Action plans: what to do for this kind of alarm at this home, step by step."""
