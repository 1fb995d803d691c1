"""Village boundaries beyond the indicative cells: official download and any office's file."""
