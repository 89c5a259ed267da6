"""Devices with their peak rates and bandwidths, from their makers' data sheets; rates of dense matrices."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import UsageError, closest, printable

GIGA, TERA, GIB = 10**9, 10**12, 2**30


class Device(NamedTuple):
    """A device: its peak operations a second by dtype, bytes a second from its memory, and the bytes of that.

    A multiplication and an addition are two operations, as in FLOPs.
    """

    title: str
    rates: Mapping[str, Fraction]
    bandwidth: Fraction
    memory: int
    source: str

    def rate(self, dtype: str) -> Fraction:
        """Return the operations a second of a dtype; raise UsageError where the device has none."""
        if dtype not in self.rates:
            raise UsageError(f"--dtype {dtype}: the {self.title} has {', '.join(self.rates)}")
        return self.rates[dtype]


def _device(title: str, gib: int, gigabytes: str, source: str, **tera: str) -> Device:
    rates = {dtype: TERA * Fraction(rate) for dtype, rate in tera.items()}
    return Device(title, rates, GIGA * Fraction(gigabytes), gib * GIB, source)


DEVICES = {
    "v100": _device(
        "NVIDIA V100 SXM2 32GB", 32, "900", "NVIDIA, V100 Tensor Core GPU data sheet, 2020",
        fp64="7.8", fp32="15.7", fp16="125",
    ),
    "a100": _device(
        "NVIDIA A100 SXM4 40GB", 40, "1555", "NVIDIA, A100 Tensor Core GPU data sheet, 2020",
        fp32="19.5", tf32="156", fp16="312", bf16="312", int8="624", fp64="19.5",
    ),
    "a100-80gb": _device(
        "NVIDIA A100 SXM4 80GB", 80, "2039", "NVIDIA, A100 Tensor Core GPU data sheet, 2021",
        fp32="19.5", tf32="156", fp16="312", bf16="312", int8="624", fp64="19.5",
    ),
    "h100": _device(
        "NVIDIA H100 SXM5 80GB", 80, "3352", "NVIDIA, H100 Tensor Core GPU Architecture, white paper, 2022",
        fp32="66.9", tf32="494.7", fp16="989.4", bf16="989.4", fp8="1978.9", int8="1978.9", fp64="66.9",
    ),
    "t4": _device(
        "NVIDIA T4", 16, "320", "NVIDIA, T4 Tensor Core GPU data sheet and product brief, 2019",
        fp32="8.1", fp16="65", int8="130",
    ),
    "rtx3090": _device(
        "NVIDIA GeForce RTX 3090", 24, "936", "NVIDIA, Ampere GA102 GPU Architecture, white paper, 2020",
        fp32="35.6", tf32="35.6", fp16="142", bf16="71", int8="284",
    ),
    "rtx4090": _device(
        "NVIDIA GeForce RTX 4090", 24, "1008", "NVIDIA, Ada GPU Architecture, white paper, 2022",
        fp32="82.6", tf32="82.6", fp16="330.3", bf16="165.2", fp8="660.6", int8="660.6",
    ),
    "jetson-nano": _device(
        "NVIDIA Jetson Nano", 4, "25.6",
        "NVIDIA, Jetson Nano module data sheet, 2019: 128 cores at 921.6 MHz, fp16 at twice the rate of fp32",
        fp32="0.236", fp16="0.472",
    ),
    "jetson-orin": _device(
        "NVIDIA Jetson AGX Orin 64GB", 64, "204.8",
        "NVIDIA, Jetson AGX Orin Series technical brief, 2022: the GPU, half of the 170 TOPS of sparse int8",
        fp32="5.3", int8="85",
    ),
    "tpu-v3": _device(
        "Google TPU v3 chip", 32, "900",
        "Jouppi et al., TPU v4: An Optically Reconfigurable Supercomputer for Machine Learning, 2023",
        bf16="123",
    ),
    "tpu-v4": _device(
        "Google TPU v4 chip", 32, "1200",
        "Jouppi et al., TPU v4: An Optically Reconfigurable Supercomputer for Machine Learning, 2023",
        bf16="275", int8="275",
    ),
    "m1": _device(
        "Apple M1, its GPU", 16, "68.256",
        "Apple, Apple unleashes M1, 2020: 2.6 TFLOPS; bandwidth of 128 bits of LPDDR4X at 4,266 MT/s",
        fp32="2.6",
    ),
    "xeon-8280": _device(
        "Intel Xeon Platinum 8280", 1024, "140.8",
        "Intel, product specifications, 2019: 28 cores at 2.7 GHz, two AVX-512 FMA units; six channels of DDR4-2933",
        fp64="2.4192", fp32="4.8384",
    ),
    "raspberry-pi-4": _device(
        "Raspberry Pi 4 Model B 8GB", 8, "12.8",
        "Raspberry Pi, product brief, 2020, and Arm, Cortex-A72 Software Optimization Guide, 2015: "
        "4 cores at 1.5 GHz, four fp32 multiply-adds a cycle; 32 bits of LPDDR4-3200",
        fp32="0.048",
    ),
}  # fmt: skip
"""The devices by name. Memory that makers write as GB is counted in GiB, as such chips have it."""


def device_of(name: str) -> Device:
    """Return a device by its name; raise UsageError where there is none.

    >>> device_of("A100").title
    'NVIDIA A100 SXM4 40GB'
    """
    word = name.strip().lower()
    if word not in DEVICES:
        near = closest(word, DEVICES)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(DEVICES)}"
        raise UsageError(f"--device: there is no device '{printable(name[:40])}'; {hint}")
    return DEVICES[word]
