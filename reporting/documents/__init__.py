"""What is printed: the files of a snapshot, in each language and format."""
