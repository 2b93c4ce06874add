"""Table Storage: what the bridge remembers. `tables` is the seam; every other module is one store over it.

`progress` is the truth about an order (one partition, one transaction); `open_work`, `lookup` and `exceptions` are
pointers to it, written before it and removed after it. Everything here can be rebuilt from Mirakl and the ERP.
"""
