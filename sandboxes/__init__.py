"""Strict stand-ins for Mirakl and the ERPs, each with its own books. They import nothing of the bridge's."""
