"""Arrays in, Plotly figures out; the colours of every kind of quantity."""
