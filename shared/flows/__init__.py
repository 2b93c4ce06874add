"""What each step does: a pure decision, then a short run over ports. One module per step, named like its function.

What a step is made of has a room of its own: `sighting` (poll_orders) · `creating` (create_order) · `leaving`
(poll_shipments) · `telling` (confirm_shipment) · `cancelling` (change_order) · `watching` (watch).
"""
