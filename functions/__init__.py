"""When each step runs: a trigger parses its message, calls one flow, and lets `fates` settle."""
