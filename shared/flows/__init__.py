"""What each step does: a pure decision, then a short run over ports. One module per step, named like its function."""
