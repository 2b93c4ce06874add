"""Dynamics 365 Finance & Supply Chain over OData: sales orders, customers, and what left the warehouse."""
