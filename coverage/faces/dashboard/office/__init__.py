"""What only the server of an office has: signing in, roles, and its log."""
