"""Pilots: experiments and the three proper ways in which they end."""
