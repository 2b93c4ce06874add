"""The sandbox Dynamics 365 Business Central: API v2.0, its coded errors, its posting, and its own books."""
