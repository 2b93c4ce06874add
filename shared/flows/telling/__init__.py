"""How confirm_shipment tells Mirakl: one shipment an order, or several."""
