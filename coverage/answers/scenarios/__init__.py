"""What-if as a value: stored, run again, compared."""
