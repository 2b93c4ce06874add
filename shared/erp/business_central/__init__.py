"""Dynamics 365 Business Central over its API v2.0: sales orders, customers, invoices, and what was shipped."""
