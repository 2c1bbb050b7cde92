"""Search over what the city has in hand: by words in their forms, by section, by case number, and by right."""
