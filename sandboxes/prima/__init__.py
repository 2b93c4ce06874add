"""A strict stand-in for Prima Solutions' web service; README.md says what of it is known and what is invented."""
