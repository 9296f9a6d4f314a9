#!/usr/bin/env python3
"""Write the names of ImageNet's 1000 classes, one `n01440764 tench, Tinca tinca` a line.

usage: python tools/make_imagenet_names.py [data.noun] > python/gradcampp_swift/classes/imagenet.txt

Two public facts make the file: which 1000 WordNet 3.0 synsets the ILSVRC-2012 classes are
(ilsvrc2012_ids.txt beside this script, in ascending order, which is the order of the classes;
the same list is research/slim/datasets/imagenet_lsvrc_2015_synsets.txt of the repository
tensorflow/models), and the words of each synset (WordNet 3.0's data.noun, which Debian's package
`wordnet-base` installs). The format of data.noun is described in the manual page wndb(5WN).
"""

import pathlib
import sys

IDS = pathlib.Path(__file__).with_name("ilsvrc2012_ids.txt")
NOUNS = pathlib.Path("/usr/share/wordnet/data.noun")


def read_ids(path: pathlib.Path) -> list[str]:
    """Read the ids and check that they are 1000, different and ascending."""
    ids = path.read_text("ascii").split()
    if len(ids) != 1000 or ids != sorted(set(ids)):
        raise SystemExit(f"{path}: expected 1000 different ids in ascending order")
    return ids


def read_synsets(path: pathlib.Path) -> dict[str, str]:
    """Read the words of every noun synset, by id."""
    names = {}
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            if line.startswith(" "):
                continue  # the licence, at the top of the file
            offset, _, _, count, *rest = line.split(" ")
            # A synset's line holds (word, lexical id) pairs; their count is hexadecimal.
            words = rest[: 2 * int(count, 16) : 2]
            names["n" + offset] = ", ".join(word.replace("_", " ") for word in words)
    return names


def main() -> None:
    """Print the names."""
    names = read_synsets(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else NOUNS)
    for synset in read_ids(IDS):
        print(synset, names[synset])


if __name__ == "__main__":
    main()
