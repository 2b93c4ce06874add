"""From an order in SHIPPING to a sales order on record: what create_order decides and does."""
