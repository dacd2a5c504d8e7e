#!/usr/bin/env python3
"""Writes THIRD-PARTY-NOTICES: what a published program holds that others made, and under which licence.

The packages are those of the program's dependency manifest; name, licence and copyright are what each package says of itself.
Usage, from the repository root, after a build: python3 eng/third-party-notices.py > THIRD-PARTY-NOTICES
"""

import json
import os
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

MANIFEST = Path("src/Host/bin/Release/net10.0/aeanomaly.deps.json")
PACKAGES = Path(os.environ.get("NUGET_PACKAGES", Path.home() / ".nuget/packages"))
LICENCES = Path("eng/licences")

# Packages that name no licence by its SPDX identifier, with what the text behind their link says.
LINKED_LICENCES = {"K4os.Compression.LZ4": "MIT", "librdkafka.redist": "BSD-2-Clause"}

# Copyright lines that are missing from packages, or only half there: the package's author, or the first line of its licence file.
COPYRIGHTS = {
    "K4os.Compression.LZ4": "Copyright (c) Milosz Krajewski",
    "Parquet.Net": "Copyright (c) Ivan Gavryliuk",
    "librdkafka.redist": "Copyright (c) 2012-2022, Magnus Edenhill, 2023, Confluent Inc.",
}

# What is linked into the libraries of a package without being a package: name, licence, copyright.
LIBRDKAFKA_PARTS = [
    ("OpenSSL 3.5.8", "Apache-2.0", "Copyright (c) 1998-2026 The OpenSSL Project Authors"),
    ("zlib 1.3.2", "Zlib", "Copyright (C) 1995-2026 Jean-loup Gailly and Mark Adler"),
    ("Zstandard 1.5.7", "BSD-3-Clause", "Copyright (c) Meta Platforms, Inc. and affiliates"),
    ("libcurl", "curl", "Copyright (c) 1996-2026, Daniel Stenberg, and many contributors"),
]
# As PyTorch's own list of bundled sources names them; MKL and libgomp come from the build.
LIBTORCH_PARTS = [
    ("oneDNN and ideep", "Apache-2.0 and MIT"),
    ("Intel oneAPI Math Kernel Library", "Intel Simplified Software License"),
    ("FBGEMM, gloo, Kineto, protobuf, QNNPACK, TensorPipe, XNNPACK", "BSD-3-Clause"),
    ("cpuinfo, NNPACK, pthreadpool", "BSD-2-Clause"),
    ("fmt, FP16, FXdiv, libuv, miniz, nlohmann/json", "MIT"),
    ("FlatBuffers, libnop, ONNX", "Apache-2.0"),
    ("SLEEF", "BSL-1.0"),
    ("ittnotify", "BSD-3-Clause"),
    ("libgomp (libgomp-98b21ff3.so.1)", "GPL-3.0-or-later WITH GCC-exception-3.1"),
]

INTRODUCTION = """AEAnomaly is under the Apache License 2.0 (see LICENSE). A published program also holds what others made; this file names it, with its licence.
It is written by eng/third-party-notices.py from the program's dependency manifest, and a test compares the two."""


def packages():
    libraries = json.loads(MANIFEST.read_text())["libraries"]
    for key, library in libraries.items():
        name, version = key.split("/")
        if library["type"] == "package":
            yield name, version
        elif library["type"] == "reference":
            yield name, ".".join(version.split(".")[:3])  # the assembly's version has a fourth part
    # Only with -p:WithTorch=true, beside the manifest.
    yield "libtorch-cpu-linux-x64", re.search("<LibtorchVersion>(.*?)<", Path("Directory.Packages.props").read_text())[1]


def folder(name, version):
    return PACKAGES / name.lower() / version


def told(name, version):
    """Gives licence, copyright and address as the package tells them."""
    path = folder(name, version) / f"{name.lower()}.nuspec"
    metadata = {e.tag.split("}")[1]: (e.text or "").strip() for e in xml.parse(path).getroot()[0]}
    licence = metadata.get("license") or LINKED_LICENCES.get(name)
    copyright_line = COPYRIGHTS.get(name) or metadata.get("copyright")
    if not licence or not copyright_line:
        sys.exit(f"{path}: tells no {'copyright' if licence else 'licence'}; look it up and add it to the lists of {sys.argv[0]}")
    if not re.match("(?i)copyright|\\(c\\)|©", copyright_line):
        copyright_line = "Copyright " + copyright_line
    return licence, copyright_line.replace("\r", "").replace("\n", " "), metadata.get("projectUrl", "")


def heading(text):
    return f"\n\n{text}\n{'=' * len(text)}\n"


def write():
    used, versions = {"Apache-2.0", "BSD-2-Clause"}, {}
    print(INTRODUCTION)
    print(heading("Packages"))
    for name, version in sorted(packages(), key=lambda p: p[0].lower()):
        licence, copyright_line, address = told(name, version)
        used.add(licence)
        versions[name] = version
        print(f"{name} {version}\n    Licence: {licence}\n    {copyright_line}" + (f"\n    {address}" if address else ""))

    print(heading("Linked into librdkafka.so, beside the parts that its own licence file names below"))
    for name, licence, copyright_line in LIBRDKAFKA_PARTS:
        used.add(licence)
        print(f"- {name}: {licence}. {copyright_line}")

    print(heading("Linked into libtorch, which is published with -p:WithTorch=true only"))
    for name, licence in LIBTORCH_PARTS:
        print(f"- {name}: {licence}")
    print("\nIts own licence file is published beside it as torch/LICENSE-LIBTORCH.txt.")

    print(heading("The file aeanomaly"))
    print("It starts the program and comes from the .NET SDK.\n    Licence: MIT\n    Copyright (c) .NET Foundation and Contributors")

    for licence in sorted(used):
        print(heading(f"Licence text: {licence}"))
        print("The file LICENSE of AEAnomaly holds this text." if licence == "Apache-2.0" else (LICENCES / f"{licence}.txt").read_text().strip())

    print(heading("Licence file of librdkafka.redist"))
    licences = (folder("librdkafka.redist", versions["librdkafka.redist"]) / "LICENSES.txt").read_text()
    print("\n".join(line.rstrip() for line in licences.strip().splitlines()))


write()
