"""What an order costs: counts beside their floor, ratios against a bare loop, memory and start-up."""
