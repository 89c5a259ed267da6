"""ResNet-152 from YAML text to facts, against torchinfo and fvcore on the same network in PyTorch."""

import statistics
import time
import warnings
from pathlib import Path

from cnncalc import analyze, loads

TEXT = (Path(__file__).parents[1] / "specs" / "resnet50.yaml").read_text(encoding="utf-8")
ARGS = {"n1": 3, "n2": 8, "n3": 36, "n4": 3}


def ours():
    return analyze(loads(TEXT, args=ARGS)).totals


def network():
    """Return ResNet-152 as torchvision has it: bottlenecks with the stride on the 3x3."""
    from torch import nn

    class Bottleneck(nn.Module):
        def __init__(self, channels, width, stride):
            super().__init__()
            out = 4 * width
            self.body = nn.Sequential(
                nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out),
            )  # fmt: skip
            project = stride != 1 or channels != out
            self.skip = (
                nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))
                if project
                else nn.Identity()
            )
            self.act = nn.ReLU()

        def forward(self, x):
            return self.act(self.body(x) + self.skip(x))

    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, (width, count) in enumerate(zip((64, 128, 256, 512), (3, 8, 36, 3), strict=True)):
        for index in range(count):
            layers.append(Bottleneck(channels, width, 2 if stage and not index else 1))
            channels = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000)).eval()


def timed(function, rounds):
    function()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)


def main():
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torchinfo import summary

    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    model, image = network(), torch.zeros(1, 3, 224, 224)
    totals = ours()
    assert totals.params == sum(p.numel() for p in model.parameters()) == 60_192_808

    def fvcore():
        counter = FlopCountAnalysis(model, image)
        counter.unsupported_ops_warnings(False)
        return counter.total()

    rows = {
        "cnncalc": timed(ours, 31),
        "torchinfo": timed(lambda: summary(model, (1, 3, 224, 224), verbose=0), 5),
        "fvcore": timed(fvcore, 5),
    }
    for name, milliseconds in rows.items():
        print(f"{name:12} {milliseconds:8.1f} ms   {milliseconds / rows['cnncalc']:6.1f} times cnncalc")


if __name__ == "__main__":
    main()
