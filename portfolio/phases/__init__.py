"""The phases of a programme's life: what each asks of its group, its targets, its plan and the bodies."""

IN_SCHEMA = "Programmes"
