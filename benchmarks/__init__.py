"""Times gradcampp beside other engines: `make bench` writes docs/benchmarks.md."""
