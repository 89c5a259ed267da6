"""Networks side by side: stacks of layers in shorthand, as formulas and as numbers, and the verdict in words."""
