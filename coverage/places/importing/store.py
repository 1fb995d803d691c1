"""What rows that an office imported have in common."""

OFFICE = "kantor"
"""Value of the column ``origin`` in every row that an office imported."""
