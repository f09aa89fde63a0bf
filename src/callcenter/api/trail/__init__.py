"""The audit trail for auditors. It stands above the rooms whose people and places it names."""
