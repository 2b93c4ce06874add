"""The function app with one safety rule switched off (`SABOTAGE`), for runs that must be found out."""
