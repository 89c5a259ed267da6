"""The commands ``cnncalc run`` and ``cnncalc verify`` as their users meet them."""

import json
import pickle

import numpy as np
import pytest

import cnncalc as package
from cnncalc.execute.tensors import initial
from tests.cli.test_shapes_command import cnncalc

NET = "cnncalc: 1\ninput: 3x6x8\nlayers:\n- {conv: 4, kernel: 3, norm: batch_norm, act: relu}\n- {linear: 10}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "net.yaml").write_text(NET)
    analysis = package.analyze(package.loads(NET))
    np.savez(tmp_path / "good.npz", **initial(analysis, seed=3))
    return tmp_path


def picture(path, size=(320, 280), mode="L"):
    image = pytest.importorskip("PIL.Image")
    drawn = np.zeros((size[1], size[0]), np.uint8)
    drawn[60:200, 80:240] = 200
    drawn[100:150, 120:180] = 90
    image.fromarray(drawn).convert(mode).save(path)
    return drawn


def test_a_network_runs_on_random_numbers_and_the_seed_repeats_it(folder):
    out, err = cnncalc("run", "net.yaml", cwd=folder)
    assert out.startswith("input: random, from seed 0\nweights drawn from seed 0\nlinear1: 10, the largest:\n")
    assert len(out.splitlines()) == 3 + 5
    assert err == ""
    assert cnncalc("run", "net.yaml", cwd=folder)[0] == out
    assert cnncalc("run", "net.yaml", "--seed", "1", cwd=folder)[0] != out


def test_L11_the_edges_of_a_picture_are_written_as_a_picture(tmp_path):
    drawn = picture(tmp_path / "photo.png").astype(float)
    np.savez(tmp_path / "edge.npz", **{"conv1.weight": np.array([[[[1.0, -1.0]]]], np.float32)})
    given = ("--input", "photo.png", "--weights", "edge.npz", "--save", "conv1=edges.png", "--save", "conv1=edges.npy")
    out, _ = cnncalc("run", "zoo:edge_detection", *given, cwd=tmp_path)
    assert "photo.png, 320x280 L to 320x280 L (width x height, bilinear), divided by 255\n" in out
    edges = np.load(tmp_path / "edges.npy")
    assert edges.shape == (1, 280, 319)
    assert np.allclose(edges[0], (drawn[:, :-1] - drawn[:, 1:]) / 255, atol=1e-6)
    shown = np.asarray(pytest.importorskip("PIL.Image").open(tmp_path / "edges.png"))
    scaled = (edges[0] - edges.min()) / (edges.max() - edges.min())
    assert np.array_equal(shown, np.rint(255 * scaled).astype(np.uint8))


def test_L5_the_lectures_cross_correlation_with_weights_in_a_file(tmp_path):
    (tmp_path / "net.yaml").write_text("cnncalc: 1\ninput: 1x5x5\nlayers:\n- {conv: 1, kernel: 3, bias: false}\n")
    image = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    np.save(tmp_path / "image.npy", np.array([image], np.float32))
    np.savez(tmp_path / "w.npz", **{"conv1.weight": np.array([[[[0, 1, 2], [2, 2, 0], [0, 1, 2]]]], np.float32)})
    cnncalc("run", "net.yaml", "--input", "image.npy", "--weights", "w.npz", "--save", "conv1=out.npy", cwd=tmp_path)
    assert np.load(tmp_path / "out.npy")[0].tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_a_picture_is_scaled_as_it_is_said(folder):
    picture(folder / "p.png", (16, 12), "RGB")
    given = ("--input", "p.png", "--mean", "0.5,0.4,0.3", "--std", "0.25", "--dtype", "float64")
    out, _ = cnncalc("run", "net.yaml", *given, cwd=folder)
    assert (
        "16x12 RGB to 8x6 RGB (width x height, bilinear), divided by 255, less 0.5, 0.4, 0.3, divided by 0.25\n" in out
    )


def test_weights_that_fit_are_read(folder):
    out, _ = cnncalc("run", "net.yaml", "--weights", "good.npz", cwd=folder)
    assert "weights from good.npz\n" in out
    safetensors = pytest.importorskip("safetensors.numpy")
    safetensors.save_file(dict(np.load(folder / "good.npz")), folder / "good.safetensors")
    again, _ = cnncalc("run", "net.yaml", "--weights", "good.safetensors", cwd=folder)
    assert again.splitlines()[2:] == out.splitlines()[2:]


def test_all_weights_that_are_missing_left_over_or_misshapen_are_named_with_both_shapes(folder):
    tensors = dict(np.load(folder / "good.npz"))
    tensors["conv1.weigth"] = tensors.pop("conv1.weight")
    tensors["linear1.weight"] = tensors["linear1.weight"].T
    tensors["extra"] = np.zeros((2, 3), np.float32)
    np.savez(folder / "bad.npz", **tensors)
    out, err = cnncalc("run", "net.yaml", "--weights", "bad.npz", cwd=folder, check=2)
    assert out == ""
    assert err.splitlines() == [
        "bad.npz: conv1.weight is missing (4x3x3x3); did you mean conv1.weigth?",
        "bad.npz: linear1.weight must be 10x96, it is 96x10",
        "bad.npz: conv1.weigth is no tensor of this network (4x3x3x3)",
        "bad.npz: extra is no tensor of this network (2x3)",
    ]


class Evil:
    def __reduce__(self):
        return print, ("loaded by pickle",)


@pytest.mark.parametrize(
    ("name", "write", "message"),
    [
        ("a.npy", lambda path: path.write_bytes(b""), ""),
        ("a.npy", lambda path: path.write_bytes(b"\x93NUMPY\x01\x00"), ""),
        ("a.npy", lambda path: path.write_bytes(pickle.dumps(Evil())), ""),
        ("a.npy", lambda path: np.save(path, np.array([Evil()], object), allow_pickle=True), "pickle"),
        ("a.npz", lambda path: np.savez(path, input=np.array([Evil()], object)), "pickle"),
        ("a.npz", lambda path: path.write_bytes(b"PK\x03\x04 and so on"), ""),
        ("a.npz", lambda path: np.savez(path, other=np.zeros((3, 6, 8))), "there is no array input (it has other)"),
        (
            "a.npy",
            lambda path: np.save(path, np.full((3, 6, 8), np.nan)),
            "must be finite (144 of 144",
        ),
        ("a.npy", lambda path: np.save(path, np.zeros((3, 6, 8), complex)), "must be of numbers, not complex128"),
        ("a.npy", lambda path: np.save(path, np.array(["x"])), "must be of numbers"),
        ("a.npy", lambda path: np.save(path, np.zeros((6, 8, 3))), "input must be 3x6x8, it is 6x8x3"),
        ("a.npy", lambda path: np.save(path, np.zeros(())), "input must be 3x6x8"),
        ("a.png", lambda path: path.write_bytes(b"\x89PNG\r\n"), "is not a picture that can be read"),
        ("a.txt", lambda path: path.write_text("1"), "must be a picture, a .npy, a .npz or a shape"),
        ("missing.npy", lambda path: None, "No such file"),
    ],
)
def test_a_bad_array_is_refused_and_nothing_is_loaded_by_pickle(folder, name, write, message):
    write(folder / name)
    out, err = cnncalc("run", "net.yaml", "--input", name, cwd=folder, check=2)
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--save", "conv2=a.npy"], "there is no such layer; did you mean conv1?"),
        (["--save", "conv1"], "--save must be LAYER=FILE"),
        (["--save", "conv1=a.txt"], "must end in .npy or in that of a picture"),
        (["--save", "conv1=a.png"], "a picture has 1 or 3 channels (4x4x6); conv1:0 is the first"),
        (["--save", "conv1:4=a.png"], "the channels are 0 to 3"),
        (["--save", "linear1=a.png"], "a picture has 1 or 3 channels (10)"),
        (["--save", "conv1=no/such/folder/a.npy"], "No such file or directory"),
        (["--input", "left=a.npy"], "the inputs are input"),
        (["--std", "0"], "--std must not be 0"),
        (["--mean", "a"], "--mean must be numbers"),
        (["--weights", "a.bin"], "must be in a .npz or a .safetensors file"),
    ],
)
def test_bad_usage_of_run_is_told(folder, arguments, message):
    _, err = cnncalc("run", "net.yaml", *arguments, cwd=folder, check=2)
    assert message in err
    assert "Traceback" not in err


def test_a_channel_is_saved_as_a_picture(folder):
    pytest.importorskip("PIL.Image")
    out, _ = cnncalc("run", "net.yaml", "--save", "conv1:3=map.png", "--save", "conv1.act=all.npy", cwd=folder)
    assert "conv1: written to map.png, " in out
    assert np.load(folder / "all.npy").shape == (4, 4, 6)


def test_lenet_is_verified_and_exits_with_0():
    out, err = cnncalc("verify", "zoo:lenet5")
    assert out.endswith("all of 11 nodes measured as predicted (output, params, MACs, memory, field, 70 positions)\n")
    assert "✗" not in out
    assert err == ""


def test_a_verification_is_narrowed(folder):
    out, _ = cnncalc("verify", "net.yaml", "--only", "macs,shape", "--layer", "conv1*", cwd=folder)
    assert [line.split()[0] for line in out.splitlines()[2:5]] == ["conv1", "conv1.norm", "conv1.act"]
    assert out.splitlines()[0].split() == ["layer", "output", "MACs"]
    _, err = cnncalc("verify", "net.yaml", "--only", "mac", cwd=folder, check=2)
    assert "did you mean macs?" in err


def test_a_verification_is_json_for_programs(folder):
    report = json.loads(cnncalc("verify", "net.yaml", "--format", "json", cwd=folder)[0])
    assert report["verified"] is True
    assert report["schema"] == 1
    assert [one["name"] for one in report["layers"]] == ["conv1", "conv1.norm", "conv1.act", "linear1"]
    assert report["layers"][0]["macs"] == 4 * 3 * 9 * 4 * 6


def test_a_table_fits_the_terminal():
    for width in (80, 120):
        out, _ = cnncalc("verify", "zoo:resnet18", "--input", "3x33x33", "--only", "shape,params,macs", columns=width)
        assert max(len(line.rstrip()) for line in out.splitlines()) <= width
