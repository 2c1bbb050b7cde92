"""Servers of our own: started, kept, watched over and stopped, with the processes that run on them."""
