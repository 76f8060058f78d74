#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decodes a journal, from src/journal/FORMAT.md alone. Needs python3-xxhash.

usage: decode_journal.py FILE             print what FILE says, as JSON
       decode_journal.py --check DIR      compare every *.blocks in DIR with the *.json beside it

FILE is a storemark.journal, or its short form: the nine blocks that are not always zero, in order of
their places.
"""
import json
import pathlib
import struct
import sys
import uuid

import xxhash

FILE_BYTES = 274432
BLOCK = 4096
OFFSETS = [0, 4096, 131072, 135168, 262144, 266240, 8192, 139264, 270336]
SLOTS = 6
NIL = bytes(16)
MAX_SEQUENCE = 2**63 - 1
STATES = {1: "empty", 2: "updating", 3: "dirty", 4: "clean"}
WORST_FIRST = ["updating", "dirty", "empty"]
FLAGS = {1: "sole", 2: "marked", 4: "discard", 8: "adopted", 16: "unproven"}


class Malformed(Exception):
    pass


def demand(holds, what):
    if not holds:
        raise Malformed(what)


def hash128(data, seed=0):
    return xxhash.xxh3_128_intdigest(data, seed).to_bytes(16, "little")


def seal(block, place):
    return hash128(block[4064:4080], 0x73746F72656D6B00 + place)


def number(data, at, size):
    return int.from_bytes(data[at:at + size], "little")


def spelt(sixteen_bytes):
    return str(uuid.UUID(bytes=bytes(sixteen_bytes)))


class Area:
    """Takes the sections of the packed area one after the other."""

    def __init__(self, block):
        self.data, self.at = block[312:4064], 0

    def take(self, size):
        self.at += size
        demand(self.at <= len(self.data), "the sections run over")
        return self.data[self.at - size:self.at]

    def integer(self, size):
        return int.from_bytes(self.take(size), "little")

    def text(self, size):
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("no UTF-8") from error

    def indexed(self, index, ids):
        if index == 255:
            return spelt(self.take(16))
        demand(index < len(ids), "an index points nowhere")
        return ids[index]


def member(area):
    out = {"id": spelt(area.take(16)), "sequence": area.integer(8)}
    size = area.integer(1)
    demand(size <= 16, "a label is too long")
    return {**out, "label": area.text(size)}


def compared(area, members, history):
    member_index, view_index, sequence = area.integer(1), area.integer(1), area.integer(8)
    return {"id": area.indexed(member_index, [m["id"] for m in members]),
            "view": area.indexed(view_index, [h["view"] for h in history]),
            "sequence": sequence}


def record_of(block):
    counts = struct.unpack_from("<5H", block, 172)
    for count, bound in zip(counts, (64, 32, 63, 128, 256)):
        demand(count <= bound, "a section is too large")
    area = Area(block)
    members = [member(area) for _ in range(counts[0])]
    history = [{"view": spelt(area.take(16)), "from": area.integer(8), "members": area.integer(2)}
               for _ in range(counts[1])]
    others = [compared(area, members, history) for _ in range(counts[2])]
    reason, payload = area.text(counts[3]), area.take(counts[4])
    state, tag_size, flags = block[168], block[169], number(block, 170, 2)
    floor, ceiling = struct.unpack_from("<2Q", block, 152)
    generation, target = number(block, 64, 8), number(block, 240, 8)
    demand(state in STATES and generation > 0 and block[32:48] != NIL, "state, generation or journal")
    demand(floor <= ceiling <= MAX_SEQUENCE and target <= MAX_SEQUENCE, "a sequence")
    demand(tag_size <= 32 and not any(block[184 + tag_size:216]), "the tag")
    if number(block, 20, 4) == 0 and number(block, 24, 4) == 0:
        unused = block[28:32] + block[48:56] + block[182:184] + block[300:312] + area.data[area.at:]
        demand(not any(unused) and flags < 32, "something unknown is used")
    return {
        "journal": spelt(block[32:48]), "generation": generation, "parent": block[72:88].hex(),
        "member": spelt(block[88:104]), "incarnation": spelt(block[104:120]),
        "initial": spelt(block[120:136]), "final": spelt(block[136:152]),
        "floor": floor, "ceiling": ceiling, "state": STATES[state],
        "flags": [name for bit, name in FLAGS.items() if flags & bit],
        "tag": block[184:184 + tag_size].hex() if tag_size else None,
        "wall_clock": struct.unpack_from("<q", block, 216)[0], "donor": spelt(block[224:240]),
        "target": target, "mark_held": number(block, 248, 8), "mark_raised": number(block, 256, 8),
        "view": {"id": spelt(block[264:280]), "members": members},
        "history_digest": block[280:296].hex(), "folded": number(block, 296, 4),
        "history": history, "compared": others, "reason": reason, "payload": payload.hex()}


def decode_block(block, place):
    """(what it is, the journal it names, its record)"""
    if block is None:
        return "unreadable", None, None
    if not any(block):
        return "zero", None, None
    if block[:8] != b"STORMARK" or number(block, 56, 8) != xxhash.xxh3_64_intdigest(block[:56]):
        return "invalid", None, None
    journal = spelt(block[32:48])
    if number(block, 16, 4) != 0 or number(block, 12, 4) != BLOCK:
        return "future", journal, None
    places = [p for p in range(len(OFFSETS)) if block[4080:] == seal(block, p)]
    if block[4064:4080] != hash128(block[:4064]) or not places:
        return "invalid", None, None
    try:
        record = record_of(block)
    except Malformed:
        return "malformed", None, None
    return ("valid" if place in places else "misplaced"), journal, record


def owner(kinds, journals):
    """Whose file it is, or None."""
    votes = {}
    for place, (kind, journal) in enumerate(zip(kinds, journals)):
        anchor = place >= SLOTS
        if kind == "valid" or (kind == "future" and not anchor):
            has = votes.setdefault(journal, [0, 0])
            has[0] += 1
            has[1] += anchor
    ranked = sorted(votes.items(), key=lambda item: item[1])
    if not ranked or (len(ranked) > 1 and ranked[-1][1] == ranked[-2][1]):
        return None
    return ranked[-1][0]


def weigh(slots, hashes, records, newest):
    """State, floor and ceiling, all evidence taken together."""
    first = records[newest]
    state, floor, ceiling = first["state"], first["floor"], first["ceiling"]
    for i, record in enumerate(records[:SLOTS]):
        if slots[i] not in ("valid", "misplaced") or hashes[i] == hashes[newest]:
            continue
        if record["generation"] >= first["generation"]:
            floor, ceiling = max(floor, record["floor"]), max(ceiling, record["ceiling"])
            both = ["dirty" if s == "clean" else s for s in (state, record["state"])]
            state = min(both, key=WORST_FIRST.index)
    copies = sum(slots[i] == "valid" and hashes[i] == hashes[newest] for i in range(SLOTS))
    if state == "clean" and copies < 4:
        state = "dirty"
    return state, floor, ceiling


def decode(data):
    size = len(data)
    blocks = [data[at:at + BLOCK] if at + BLOCK <= size else None for at in OFFSETS]
    kinds, journals, records = zip(*(decode_block(b, place) for place, b in enumerate(blocks)))
    hashes = [b[4064:4080] if b else None for b in blocks]
    journal = owner(kinds, journals)
    kinds = ["foreign" if j is not None and j != journal else k for k, j in zip(kinds, journals)]
    slots = kinds[:SLOTS]
    verdict = {"diagnosis": "none", "state": None, "floor": 0, "ceiling": 0}
    rank = lambda i: (records[i]["generation"], records[i]["floor"], records[i]["ceiling"], -i)
    newest = max((i for i in range(SLOTS) if slots[i] == "valid"), key=rank, default=None)
    if "future" in slots:
        verdict["diagnosis"], newest = "future", None
    elif newest is None:
        ours = size in (0, FILE_BYTES) or any(b and b[:8] == b"STORMARK" for b in blocks)
        verdict["diagnosis"] = "damaged" if ours else "foreign"
    else:
        verdict["state"], verdict["floor"], verdict["ceiling"] = weigh(slots, hashes, records, newest)
        if size != FILE_BYTES:
            verdict["diagnosis"], verdict["state"] = "damaged", None
    places = []
    for place, kind in enumerate(kinds):
        slot = place < SLOTS
        if slot and kind == "valid":
            kind = "older" if newest is not None and hashes[place] != hashes[newest] else "current"
        entry = {"place": f"slot {place}" if slot else f"anchor {place - SLOTS}", "health": kind}
        if records[place]:
            entry["record"] = hashes[place].hex()
        places.append(entry)
    by_hash = {hashes[i].hex(): record for i, record in enumerate(records) if record}
    return {"verdict": verdict, "places": places, "records": by_hash}


def read_file(path):
    data = path.read_bytes()
    if path.suffix != ".blocks":
        return data
    whole = bytearray(FILE_BYTES)
    for place, at in enumerate(OFFSETS):
        whole[at:at + BLOCK] = data[place * BLOCK:(place + 1) * BLOCK]
    return bytes(whole)


def check(directory):
    """The library says more in its verdict; what both say must be the same."""
    different = 0
    files = sorted(directory.glob("*.blocks"))
    for path in files:
        mine = decode(read_file(path))
        theirs = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        theirs["verdict"] = {key: theirs["verdict"].get(key) for key in mine["verdict"]}
        for key in mine:
            if mine[key] != theirs.get(key):
                different += 1
                print(f"{path.name}: {key}:\n  {mine[key]}\nnot\n  {theirs.get(key)}")
    print(f"{len(files)} files, {different} differences")
    return 0 if files and not different else 1


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(pathlib.Path(arguments[1]))
    if len(arguments) != 1:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    print(json.dumps(decode(read_file(pathlib.Path(arguments[0]))), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
