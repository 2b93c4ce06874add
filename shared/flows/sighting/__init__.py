"""What an OR11 answer changes in our records, and which steps it calls for."""
