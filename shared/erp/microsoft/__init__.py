"""What the two Dynamics share: Entra's token, the dialect of OData, and calls that renew the token."""
