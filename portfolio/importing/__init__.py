"""Taking over an older register: a file checked in full, then written by ordinary commands in one transaction."""
