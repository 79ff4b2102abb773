"""Which characters a PDF lets one copy and find: read from its ToUnicode tables."""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
MAPPED = re.compile(rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>\s*$", re.M)


def characters(pdf: bytes) -> set[str]:
    found: set[str] = set()
    for stream in STREAM.findall(pdf):
        try:
            text = zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
        if b"begincmap" in text:
            found.update(*(bytes.fromhex(code.decode()).decode("utf-16-be") for code in MAPPED.findall(text)))
    return found
