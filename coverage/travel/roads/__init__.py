"""Real roads: read from what offices have or fetched, checked, and kept in the workspace."""
