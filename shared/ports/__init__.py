"""What the flows ask of the outside, in 1 to 4 methods each: the marketplace, the ERP, and our own stores."""
