"""Maps of the answers: their layers, marks, words, legend and geometry; `folium_map` alone knows folium."""
