"""Lets torchvision be imported beside PyTorch's CPU build."""

import sys
from types import ModuleType

# The package index's torchvision is built for another PyTorch: its own operators (suppression of
# boxes and the like) cannot be described. No classifier uses them.
_DESCRIPTIONS = "torchvision._meta_registrations"
sys.modules.setdefault(_DESCRIPTIONS, ModuleType(_DESCRIPTIONS))
