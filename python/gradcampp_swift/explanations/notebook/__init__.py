"""How an explanation shows itself in a notebook."""
