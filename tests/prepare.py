"""`make prepare`: the packaged rules as a start loads them, from the rule files (`ranked.prepare`)."""

from bounce_milter import resources
from bounce_milter.catalogue import ranked


def main() -> None:
    """Write the file."""
    file = ranked.prepare(resources.packaged_rules())
    resources.PREPARED.write_bytes(file)
    print(f"{resources.PREPARED.name}: {len(file) // 1024} KiB")


if __name__ == "__main__":
    main()
