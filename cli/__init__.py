"""`bridge …`: look at orders and exceptions, edit mappings, send work again."""
