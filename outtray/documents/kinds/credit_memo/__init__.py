"""Credit memos: what a customer gets back, and of which invoice."""
