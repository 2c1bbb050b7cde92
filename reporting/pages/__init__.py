"""What the pages show: frozen answers, each made by a fixed number of statements, of what the reader may see."""
