"""The time a layer takes at 100,000 layers against 1,000, from YAML text to facts."""

import statistics
import time

from cnncalc import analyze, loads

SPECS = {
    "one line repeated": (
        "{{cnncalc: 1, input: 8x32x32, layers: [{{conv: 8, kernel: 3, padding: 1, repeat: {layers}}}]}}",
        1,
    ),
    "a block repeated": (
        "{{cnncalc: 1, input: 8x32x32, blocks: {{b: {{args: {{c}}, layers: ["
        "{{conv: c, kernel: 3, padding: half, norm: batch_norm}}, {{add: [in, prev], when: cin == c, act: relu}}]}}}}, "
        "layers: [{{use: b, with: [8 + 0*i], repeat: {layers}}}]}}",
        2,
    ),
}


def microseconds_a_layer(text, layers):
    start = time.perf_counter()
    analyze(loads(text))
    return 1e6 * (time.perf_counter() - start) / layers


def main(rounds=3):
    for name, (template, lines) in SPECS.items():
        small = template.format(layers=1_000 // lines)
        large = template.format(layers=100_000 // lines)
        ratios, few, many = [], [], []
        for _ in range(rounds):
            few.append(statistics.median(microseconds_a_layer(small, 1_000) for _ in range(15)))
            many.append(microseconds_a_layer(large, 100_000))
            ratios.append(many[-1] / few[-1])
        print(
            f"{name:20} {statistics.median(few):6.1f} us a layer at 1,000, {statistics.median(many):6.1f} at 100,000: "
            f"ratio {statistics.median(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
