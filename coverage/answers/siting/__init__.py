"""Where to found units: exact siting models over one demand x candidate matrix, solved to proven optimality."""
