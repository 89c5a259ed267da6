"""Exact formulas in place of sizes: polynomials in symbols that stand for positive whole numbers."""
