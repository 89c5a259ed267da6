"""The devices that are known, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

from cnncalc.report.markdown import markdown_row
from cnncalc.report.memory.json import number
from cnncalc.report.units import binary, short

if TYPE_CHECKING:
    from cnncalc.memory.devices import Device


def facts(device: Device) -> tuple[str, str, str]:
    """Return a device's rates, bandwidth and memory as words."""
    rates = ", ".join(f"{dtype} {short(int(rate))}FLOP/s" for dtype, rate in device.rates.items())
    return rates, f"{short(int(device.bandwidth))}B/s", binary(device.memory)


def devices_text(devices: Mapping[str, Device], width: int | None = None) -> str:
    """Return the devices with their rates, bandwidths, memory and sources, in a width if there is one."""
    lines = []
    for name, device in devices.items():
        lines.append(f"{name}: {device.title}")
        for text in ("; ".join(facts(device)), f"from {device.source}"):
            lines.append(fill(text, width or len(text) + 2, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(lines) + "\n"


def devices_markdown(devices: Mapping[str, Device]) -> str:
    """Return the devices as a Markdown table."""
    rows = [markdown_row([name, device.title, *facts(device), device.source]) for name, device in devices.items()]
    titles = markdown_row(["device", "what", "rates", "bandwidth", "memory", "source"])
    return "\n".join([titles, markdown_row(["---"] * 6), *rows]) + "\n"


def devices_json(devices: Mapping[str, Device]) -> str:
    """Return the devices as JSON: operations and bytes a second, bytes of memory."""
    report = {
        name: {
            "title": device.title,
            "rates": {dtype: number(rate) for dtype, rate in device.rates.items()},
            "bandwidth": number(device.bandwidth),
            "memory": device.memory,
            "source": device.source,
        }
        for name, device in devices.items()
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"
