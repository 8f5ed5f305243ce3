"""`python -m typeloom` is the command line."""

from __future__ import annotations

from typeloom.cli import main

if __name__ == "__main__":
    main()
