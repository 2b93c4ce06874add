"""Random days on a virtual clock: the real flows and stores, the sandboxes' own rules, faults, duplicates and kills."""
