"""What every page shares: frame, sidebar, address, jobs, and what outlives a reload."""
