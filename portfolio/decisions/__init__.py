"""What the city's bodies have decided, and which decision each move needs."""
