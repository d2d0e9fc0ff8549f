"""`python -m caregiving`."""

from caregiving.cli import run

if __name__ == "__main__":
    run()
