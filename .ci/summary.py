"""Counts of a test run by language, and what was skipped, from the logs the Makefile keeps."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def counts(text: str) -> tuple[int, int, int]:
    """Passed, failed and skipped, as cargo and pytest print them."""
    passed = failed = skipped = 0
    for line in text.splitlines():
        if found := re.match(r"test result: .* (\d+) passed; (\d+) failed; (\d+) ignored", line):
            numbers = [int(n) for n in found.groups()]
        elif re.match(r"=* ?\d+ (passed|failed|skipped|error).* in [\d.]+", line):
            numbers = [sum(int(n) for n in re.findall(rf"(\d+) {word}", line)) for word in ("passed", "failed", "skipped")]
            numbers[1] += sum(int(n) for n in re.findall(r"(\d+) errors?", line))
        else:
            continue
        passed, failed, skipped = passed + numbers[0], failed + numbers[1], skipped + numbers[2]
    return passed, failed, skipped


def skips(text: str) -> list[str]:
    """What was skipped, in the words of the test."""
    named = re.findall(r"^\s*skipped: (.+)$", text, re.MULTILINE)
    named += re.findall(r"^SKIPPED (.+)$", text, re.MULTILINE)
    return list(dict.fromkeys(named))


def main() -> int:
    """Prints the summary; 1 where a test failed or a language ran none."""
    logs = Path(sys.argv[1])
    total = [0, 0, 0]
    missing: list[str] = []
    bad = False
    for name in ("rust", "c", "python"):
        path = logs / f"{name}.log"
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        found = counts(text)
        print(f"{name:>7}: {found[0]} passed, {found[1]} failed, {found[2]} skipped")
        total = [a + b for a, b in zip(total, found)]
        bad |= found[0] == 0 or found[1] > 0
        missing += [f"{name}: {what}" for what in skips(text)]
    for what in missing:
        print(f"skipped  {what}")
    inner = len([what for what in missing if not what.startswith("python")])
    print(f"{total[0]} passed, {total[1]} failed, {total[2] + inner} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
