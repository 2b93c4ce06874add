"""What any ERP's warehouse does in a sandbox: when what leaves, in how many parts, and how it is tracked."""
