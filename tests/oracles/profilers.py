"""The tools whose totals the profiles are, each as a function of a module and its inputs; a tool may be absent."""

import contextlib
import io
import warnings
from importlib import import_module

import torch


def fvcore(module, inputs):
    import_module("logging").getLogger("fvcore").setLevel("ERROR")
    analysis = import_module("fvcore.nn").FlopCountAnalysis(module, tuple(inputs))
    return analysis.unsupported_ops_warnings(enabled=False).uncalled_modules_warnings(enabled=False).total()


def thop(module, inputs):
    return import_module("thop").profile(module, tuple(inputs), verbose=False)[0]


def torchinfo(module, inputs):
    return import_module("torchinfo").summary(module, input_data=list(inputs), verbose=0).total_mult_adds


def ptflops(module, inputs, backend="pytorch"):
    def named(_):
        return dict(zip(module.graph.inputs, inputs, strict=True))

    several = {"input_constructor": named} if len(inputs) > 1 else {}
    found, _ = import_module("ptflops").get_model_complexity_info(
        module, tuple(inputs[0].shape[1:]), as_strings=False, print_per_layer_stat=False, backend=backend,
        ost=io.StringIO(), **several,
    )  # fmt: skip
    return found


def ptflops_aten(module, inputs):
    return ptflops(module, inputs, backend="aten")


def calflops(module, inputs, index=0):
    found = import_module("calflops").calculate_flops(
        module, args=list(inputs), print_results=False, print_detailed=False, output_as_string=False
    )
    return found[index]


def calflops_macs(module, inputs):
    return calflops(module, inputs, index=1)


def torchprofile(module, inputs):
    return import_module("torchprofile").profile_macs(module, tuple(inputs))


def torch_flop_counter(module, inputs):
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(*inputs)
    return counter.get_total_flops()


TOOLS = {
    "fvcore": ("fvcore", fvcore),
    "thop": ("thop", thop),
    "torchinfo": ("torchinfo", torchinfo),
    "ptflops": ("ptflops", ptflops),
    "ptflops-aten": ("ptflops", ptflops_aten),
    "calflops": ("calflops", calflops),
    "calflops-macs": ("calflops", calflops_macs),
    "torchprofile": ("torchprofile", torchprofile),
    "torch-flop-counter": ("torch", torch_flop_counter),
}
"""By the name of a profile: what is imported, and the function that gives its total."""


def usable(name):
    """Return whether the tool of a profile can be imported, with what it imports itself."""
    try:
        import_module(TOOLS[name][0])
    except (ImportError, RuntimeError):  # RuntimeError: of a library that is there in part
        return False
    return True


def total(name, module, inputs):
    """Return what a tool prints for a module, as a number; what it says besides is dropped."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), torch.no_grad(), restored():
        warnings.simplefilter("ignore")
        return TOOLS[name][1](module, inputs)


@contextlib.contextmanager
def restored():
    """Put back what a tool replaces of PyTorch and, if it fails half-way, leaves replaced."""
    owners = {owner: dict(vars(owner)) for owner in (torch, torch.nn.functional, torch.Tensor)}
    try:
        yield
    finally:
        for owner, before in owners.items():
            for name in [name for name, value in vars(owner).items() if before.get(name, value) is not value]:
                setattr(owner, name, before[name])
            for name in [name for name in ("matmul", "mm", "addmm", "mul", "add") if name not in before]:
                if name in vars(owner):
                    delattr(owner, name)
