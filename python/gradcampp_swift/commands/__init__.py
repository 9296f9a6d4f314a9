"""Subcommands of `gradcampp`: one module each, imported when it is asked for.

A module has `add_arguments(parser)`, and `run(options)`, which returns the text for standard
output. `options.program` is the name to put before messages.
"""

COMMANDS = {
    "run": "explain all pictures of a folder",
    "report": "make a page of such a run",
    "convert": "rewrite weights of torchvision, timm or Keras",
    "evaluate": "measure maps of a folder of pictures",
}
"""Name of the module in this folder, and what it does."""
