"""What the sandbox Mirakl answers, and what it keeps in its books."""
