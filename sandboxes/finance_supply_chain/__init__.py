"""The sandbox Dynamics 365 Finance & Supply Chain: its token endpoint, its OData rules and its own books."""
