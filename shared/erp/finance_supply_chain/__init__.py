"""Dynamics 365 Finance & Supply Chain over OData, with sales order numbers that the bridge supplies."""
