"""What the machine is to do, in rows: kinds of work, who holds a row until when, and errands that people send it on."""
