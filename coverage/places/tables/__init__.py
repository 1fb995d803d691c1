"""Tables of offices as they are: CSV, text, .xlsx, .xls and .ods, with every fault told by row, column and value."""
