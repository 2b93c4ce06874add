"""Cancellations on either side: carried into the ERP, and seen there."""
