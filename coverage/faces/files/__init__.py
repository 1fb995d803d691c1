"""Files that leave the planner: one module per format, each a pure function from a table to bytes.

The same table gives the same bytes, today and tomorrow: nothing in a file tells when or where it was written.
"""
