"""Downloads: one way to fetch a file or ask a server, resumed, checked, patient, stopped when asked."""
