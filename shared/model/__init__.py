"""What the business talks about: shops, orders, steps, exceptions, mappings, sales orders. No I/O, no clock."""
