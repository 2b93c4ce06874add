"""The business rules, pure: no clock, no I/O; tables where rules are tables.

`order_states` what Mirakl's states mean · `deadlines` the acceptance window · `drafting` the sales order to be: its
`heading` and `delivery`, what is `sold` (`amounts`, `lines`, `items`, `units`, `tax`, `money`), every refusal at once
(`reasons`) · `comparing` what the ERP shows against it · `retry` how long to wait · `mapping_lookup` and
`mapping_files` the client's tables · `stock` what an offer may show.
"""
