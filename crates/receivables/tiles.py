#!/usr/bin/env python3
"""Copies a chain's log from a node and makes its root anew: python3 tiles.py http://127.0.0.1:7100 CHAIN_ID_HEX

An independent client of C2SP tlog-tiles, tlog-checkpoint and signed-note, with nothing but the standard library and
verify.py beside this file. It trusts the node for nothing but its key, which it prints. Exit code 0: the checkpoint is
signed, every entry hashes to its place in the tiles, and the tiles lead to the checkpoint's root. 1: not so, and why.
"""
import base64
import hashlib
import struct
import sys
import urllib.request

import verify

WIDTH = 256


def fetch(base, path):
    with urllib.request.urlopen(base + path, timeout=20) as answer:
        return answer.read()


def name(index):
    """An index in groups of three digits, all but the last marked."""
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "/".join(groups)


def tiles(base, kind, size):
    """The tiles of a level that has `size` hashes or entries, the last one as full as it is."""
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        partial = "" if width == WIDTH else ".p/%d" % width
        yield fetch(base, "/tile/%s/%s%s" % (kind, name(index), partial))


def opened(note, key_line, origin):
    """The text of a signed note; raises Flaw unless the key signed it."""
    key_name, key_id, encoded = key_line.strip().split("+", 2)
    kind_and_key = base64.b64decode(encoded, validate=True)
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    verify.need(key_name == origin and kind_and_key[0] == 1 and len(kind_and_key) == 33, "another key than the log's")
    expected = hashlib.sha256(key_name.encode() + b"\n" + kind_and_key).digest()[:4]
    verify.need(expected.hex() == key_id, "the key's id is not of this key")
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        blob = base64.b64decode(signature, validate=True)
        if (dash, signer, blob[:4]) == ("\u2014", key_name, expected):
            verify.need(verify.signed(kind_and_key[1:], text.encode(), blob[4:]), "the checkpoint is not signed")
            return text
    raise verify.Flaw("no signature of the key")


def root_of(hashes):
    """RFC 9162, section 2.1.1, over leaf hashes: full pairs joined, an odd one carried up."""
    level = list(hashes)
    while len(level) > 1:
        pairs = [verify.sha256(b"\1", *level[at:at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2:]
    return level[0] if level else hashlib.sha256().digest()


def entries(bundle):
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        verify.need(len(bundle) >= 2 + length, "a bundle of entries ends early")
        yield bundle[2:2 + length]
        bundle = bundle[2 + length:]


def copy(base, chain):
    origin = "sojourn-receivables/" + chain
    key = fetch(base, "/checkpoint/key").decode()
    lines = opened(fetch(base, "/checkpoint").decode(), key, origin).split("\n")
    size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    verify.need(lines[0] == origin and str(size) == lines[1] and lines[3:] == [""], "not a checkpoint of this chain")
    leaves = [verify.sha256(b"\0", entry) for bundle in tiles(base, "entries", size) for entry in entries(bundle)]
    verify.need(len(leaves) == size, "%d entries, not %d" % (len(leaves), size))
    level, hashes = 0, leaves
    while hashes:
        found = b"".join(tiles(base, str(level), len(hashes)))
        verify.need(found == b"".join(hashes), "tiles of level %d are not those of the entries" % level)
        full = range(0, len(hashes) - len(hashes) % WIDTH, WIDTH)
        level, hashes = level + 1, [root_of(hashes[at:at + WIDTH]) for at in full]
    verify.need(root_of(leaves) == root, "the tiles lead to another root than the checkpoint's")
    return size, root, key


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        size, root, key = copy(arguments[0].rstrip("/"), arguments[1])
    except (verify.Flaw, OSError, ValueError) as why:
        print("refused: %s" % why)
        return 1
    print("%d entries, root %s, signed by %s" % (size, root.hex(), key.strip()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
