"""Training of the bundled model; `../train_scenes_model.py` is the command."""
