"""Prima Solutions over its SOAP service on Progress OpenEdge: sales orders and their status."""
