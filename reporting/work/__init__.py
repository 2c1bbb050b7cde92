"""Work for the machine: rows, and who holds each until when."""
