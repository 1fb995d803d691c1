"""The report of a region: its answers asked, put into words and tables, and laid out for the head of an office."""
