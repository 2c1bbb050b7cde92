"""The pages of benefit targets."""
