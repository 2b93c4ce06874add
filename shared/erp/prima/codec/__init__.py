"""Prima's own XML, which travels as one string inside SOAP: requests written, results read. No I/O."""
