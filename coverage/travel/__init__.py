"""Travel: networks, ferries and the OD matrix in minutes and kilometres."""
