"""One schema a table: its columns, and from them how it is read, kept, checked, edited and shown."""
