"""How fast hftgen is, against Kapitan and `cp -r`; not part of the tests. `python -m tests.bench --help`."""
