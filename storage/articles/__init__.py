"""What was read and judged, what waits to be read, and what people label it as."""
