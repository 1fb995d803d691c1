"""A plan as teams take it along: its itinerary, its own file and every file it can become."""
