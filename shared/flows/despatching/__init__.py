"""What despatch files, and people, tell of what has left."""
