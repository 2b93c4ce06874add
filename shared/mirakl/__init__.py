"""The marketplace: Mirakl's HTTP dialect, its operations by code, and its orders read as ours."""
