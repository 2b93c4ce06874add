"""The trading day: a seeded script of orders, failures and repairs, played against the running stack."""
