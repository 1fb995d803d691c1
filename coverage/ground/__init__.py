"""Ground: codes, quantities, texts, errors, geometry and the registry of data files."""
