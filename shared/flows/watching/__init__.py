"""What watch finds: overdue work, late waits, dead letters."""
