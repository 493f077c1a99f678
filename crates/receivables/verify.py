#!/usr/bin/env python3
"""Checks a proof of the receivables chain offline: python3 verify.py PROOF.json CHAIN_ID_HEX

Written from the format alone (README.md beside this file) with nothing but the standard library, as a second witness
to the Rust verifier. Exit code 0: the proof holds. 1: it does not, and why.
--change-bytes N: also changes every N-th byte of the file in turn and expects each change to be refused, with the
file's checksum as it was and made anew.
"""
import base64
import hashlib
import json
import struct
import sys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


class Flaw(Exception):
    """Why the proof shows nothing."""


def need(holds, why):
    if not holds:
        raise Flaw(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Ed25519 (RFC 8032, section 5.1), points as X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z.


def recover_x(y, odd):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return P - x if x & 1 != odd else x


def add(a, b):
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, d - c, d + c, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def point(encoded):
    number = int.from_bytes(encoded, "little")
    y, odd = number & (2**255 - 1), number >> 255
    x = recover_x(y, odd)
    return None if x is None else (x, y, 1, x * y % P)


BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def signed(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(challenge, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The file: JSON without blanks, fields in this order, base64 with padding.


def bytes_of(text):
    need(isinstance(text, str), "malformed: not base64")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Flaw("malformed: not base64") from error
    need(base64.b64encode(data).decode() == text, "malformed: not the one base64 of its bytes")
    return data


def hash_of(text):
    data = bytes_of(text)
    need(len(data) == 32, "malformed: not 32 bytes")
    return data


def fields(value, names):
    need(isinstance(value, dict) and list(value) == names, "malformed: other fields than " + ", ".join(names))
    return [value[name] for name in names]


def listed(value):
    need(isinstance(value, list), "malformed: not a list")
    return value


def number(value):
    need(type(value) is int and 0 <= value < 2**64, "malformed: not a number")
    return value


HEADER = struct.Struct(">B32sQQQ32s32sQI32sQ32sBQ32s")
NAMES = ("version chain height epoch time_ms parent body executed_height events events_root log_size log_root "
         "state_scheme state_height state_root").split()


def header_of(data):
    need(len(data) in (HEADER.size + 1, HEADER.size + 33), "malformed: header")
    header = dict(zip(NAMES, HEADER.unpack(data[:HEADER.size])))
    rest = data[HEADER.size:]
    need(rest[0] == (len(rest) == 33), "malformed: header")
    header["next_validators"] = rest[1:]
    header["digest"] = sha256(data)
    return header


def leb128(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def finalizes(data, header, chain, keys, flaw):
    """Whether the certificate makes the header final: all its signatures good, enough of them, each once."""
    need(len(data) >= 28, flaw)
    epoch, view, parent, count = struct.unpack(">QQQI", data[:28])
    votes = [data[28 + 68 * place:96 + 68 * place] for place in range(count)]
    need(len(data) == 28 + 68 * count, flaw)
    need(header["chain"] == chain and header["epoch"] == epoch, flaw)
    need(keys and count >= len(keys) - (len(keys) - 1) // 3, flaw + ": too few signatures")
    indices = [int.from_bytes(vote[:4], "big") for vote in votes]
    need(indices == sorted(set(indices)) and indices[-1] < len(keys), flaw)
    namespace = b"vote" + chain + b"_FINALIZE"
    message = leb128(len(namespace)) + namespace + b"".join(map(leb128, (epoch, view, parent))) + header["digest"]
    for index, vote in zip(indices, votes):
        need(signed(keys[index], message, vote[4:]), flaw + ": signature %d is not good" % index)


def validators_hash(keys):
    need(all(a < b for a, b in zip(keys, keys[1:])), "validators are not in order")
    return sha256(b"sojourn validators", *keys)


def root_from_path(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    need(index < size, "event: index")
    last, root = size - 1, leaf
    for sibling in path:
        need(last > 0, "event: path too long")
        if index & 1 or index == last:
            root = sha256(b"\1", sibling, root)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            root = sha256(b"\1", root, sibling)
        index, last = index >> 1, last >> 1
    need(last == 0, "event: path too short")
    return root


def check_event(event, header):
    entry, tree, index, size, path = fields(event, ["entry", "tree", "index", "size", "path"])
    need(tree in ("block", "log"), "malformed: tree")
    root, leaves = {"block": (header["events_root"], header["events"]), "log": (header["log_root"], header["log_size"])}[tree]
    need(number(size) == leaves, "event: size")
    leaf = sha256(b"\0", bytes_of(entry))
    found = root_from_path(leaf, number(index), size, [hash_of(text) for text in listed(path)])
    need(found == root, "event: not under the header's root")
    data = bytes_of(entry)
    need(len(data) > 48, "malformed: event")
    height, time_ms = struct.unpack(">QQ", data[:16])
    return "event of type %d at height %d, time %d ms, by transaction %s" % (data[48], height, time_ms, data[16:48].hex())


def check_state(state, header):
    key_text, value_text, leaf_text, path = fields(state, ["key", "value", "leaf", "path"])
    need(header["state_scheme"] == 1, "state: unknown scheme")
    key = sha256(bytes_of(key_text))
    siblings = [hash_of(text) for text in listed(path)]
    need(len(siblings) <= 256, "state: path too long")
    node = bytes(32)
    leaf = None
    if leaf_text is not None:
        leaf = bytes_of(leaf_text)
        need(len(leaf) == 64, "malformed: leaf")
        node = sha256(b"\0", leaf)
    place = int.from_bytes(key, "big")
    if value_text is not None:
        need(leaf == key + sha256(bytes_of(value_text)), "state: another record")
    elif leaf is not None:
        shared = 256 - (int.from_bytes(leaf[:32], "big") ^ place).bit_length()
        need(leaf[:32] != key and shared >= len(siblings), "state: the record is there, or this is not its place")
    for above, sibling in enumerate(siblings):
        right = place >> (256 - len(siblings) + above) & 1
        node = sha256(b"\1", sibling, node) if right else sha256(b"\1", node, sibling)
    need(node == header["state_root"], "state: not under the state root")
    what = "no record" if value_text is None else "a record of %d bytes" % len(bytes_of(value_text))
    return "%s with key %s at height %d" % (what, bytes_of(key_text).hex(), header["state_height"])


def sealed(text):
    """The text with the right checksum over all that is before it."""
    body = text[:text.rindex(',"check":')] if ',"check":' in text else text
    return body + ',"check":"' + base64.b64encode(sha256(body.encode())).decode() + '"}'


def verify(text, chain):
    """What the proof shows, in words; raises Flaw if it shows nothing."""
    try:
        proof = json.loads(text)
    except ValueError as error:
        raise Flaw("malformed: not JSON") from error
    need(json.dumps(proof, separators=(",", ":")) == text, "malformed: not the one written form")
    (form, chain_text, genesis, first, epochs, header_text, certificate, event, state, check) = fields(
        proof,
        ["format", "chain", "genesis", "validators", "epochs", "header", "certificate", "event", "state", "check"])
    need(sealed(text) == text and hash_of(check), "malformed: checksum")
    need(form == "sojourn-proof-1", "malformed: format")
    need(event is not None or state is not None, "shows neither an event nor a record")
    keys = [hash_of(text) for text in listed(first)]
    expected = sha256(b"sojourn chain", hash_of(genesis), validators_hash(keys))
    need(hash_of(chain_text) == chain and expected == chain, "of another chain")
    for epoch, step in enumerate(listed(epochs)):
        step_header, step_certificate, validators = fields(step, ["header", "certificate", "validators"])
        last = header_of(bytes_of(step_header))
        following = [hash_of(text) for text in listed(validators)]
        need(last["epoch"] == epoch and last["next_validators"] == validators_hash(following), "epoch does not follow")
        finalizes(bytes_of(step_certificate), last, chain, keys, "epoch's certificate")
        keys = following
    header = header_of(bytes_of(header_text))
    need(header["epoch"] == len(epochs), "epoch does not follow")
    finalizes(bytes_of(certificate), header, chain, keys, "certificate")
    shown = ["final at height %d of epoch %d" % (header["height"], header["epoch"])]
    if event is not None:
        shown.append(check_event(event, header))
    if state is not None:
        shown.append(check_state(state, header))
    return shown


def change_bytes(text, chain, step):
    """Changes every step-th byte in turn; returns how many changes were tried."""
    tried = 0
    for place in range(0, len(text), step):
        for mask in (1, 4):
            changed = text[:place] + chr(ord(text[place]) ^ mask) + text[place + 1:]
            for forged in (changed, sealed(changed)):
                if forged == text:
                    continue
                try:
                    shown = verify(forged, chain)
                except Flaw:
                    tried += 1
                    continue
                # The one thing that can still be shown is another absence, which is as true.
                need(forged != changed and shown[-1].startswith("no record"), "byte %d may change" % place)
    return tried


def main(arguments):
    if len(arguments) not in (2, 4) or (len(arguments) == 4 and arguments[2] != "--change-bytes"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="ascii", newline="") as file:
            text = file.read()
        chain = bytes.fromhex(arguments[1])
        for line in verify(text, chain):
            print(line)
        if len(arguments) == 4:
            print("%d changes of one byte, each refused" % change_bytes(text, chain, int(arguments[3])))
    except (Flaw, OSError, ValueError) as why:
        print("refused: %s" % why)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
