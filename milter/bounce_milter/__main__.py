"""`python -m bounce_milter` is the command `bounce-milter`."""

from bounce_milter.cli import main

if __name__ == "__main__":
    main()
