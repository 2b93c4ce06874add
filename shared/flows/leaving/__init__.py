"""What poll_shipments makes of the ERP's shipments, order by order."""
