# make demo     set up, build, explain a photo
# make test     set up, build, run every test
# make install  put library, header and licence under PREFIX (default /usr/local)
# make clean    remove what these made

PYTHON ?= python3
PREFIX ?= /usr/local
DESTDIR ?=

VENV := .venv
BIN := $(VENV)/bin
WEIGHTS := build/demo/vgg16-seed11.npy
PICTURE := output/rocket.jpeg

SOURCES := $(shell find Sources include python -name '__pycache__' -prune -o -type f -print) \
	Package.swift setup.py pyproject.toml

.PHONY: demo test install clean

demo: $(VENV)/.installed $(WEIGHTS)
	$(BIN)/python classify.py -f images/rocket.jpg --weights $(WEIGHTS) -o $(notdir $(PICTURE))
	@echo
	@echo "The picture is $(CURDIR)/$(PICTURE)"
	@echo "(its weights are random, made from seed 11: they show that the program works, not"
	@echo "where a rocket is. With a trained vgg16.npy: $(BIN)/python classify.py -f PHOTO"
	@echo "--weights vgg16.npy)"

test: $(VENV)/.installed
	swift test -c release -Xswiftc -enable-testing
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest

$(WEIGHTS): Tests/Goldens/make_weights.py | $(VENV)/.installed
	@mkdir -p $(dir $@)
	@echo "making full-size VGG16 weights from seed 11 (553 MB)"
	@$(BIN)/python Tests/Goldens/make_weights.py 11 $@.new.npy > /dev/null
	@mv $@.new.npy $@

# The package, built and installed into the virtual environment.
$(VENV)/.installed: $(VENV)/.ready $(SOURCES)
	$(BIN)/pip install --quiet --no-build-isolation --no-deps --no-index .
	@touch $@

# Debian's packages and the virtual environment: the only step that needs the network.
$(VENV)/.ready: tools/set_up.sh tools/requirements.txt
	PYTHON="$(PYTHON)" tools/set_up.sh $(VENV)
	@touch $@

install: $(VENV)/.installed
	install -d $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/share/doc/gradcampp
	install -m 755 build/swift/release/libgradcampp.so $(DESTDIR)$(PREFIX)/lib/
	install -m 644 include/gradcampp.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 LICENSE NOTICE.md $(DESTDIR)$(PREFIX)/share/doc/gradcampp/

clean:
	rm -rf $(VENV) build .build output
