# SPDX-License-Identifier: Apache-2.0
"""The guards of the restart protocol's messages, each taken out."""

from mutant import Mutant

TESTS = ("wire_test",)

WIRE = (
    Mutant("a damaged message is refused", "src/restart/wire.cpp",
           "!= check_of(bytes.first(check.offset))) {", "!= check_of(bytes.first(check.offset)) && false) {",
           TESTS),
    Mutant("the check covers the envelope", "src/restart/wire.cpp",
           "return XXH3_64bits_withSeed(bytes.data(), bytes.size(), layout::check_seed);",
           "return XXH3_64bits_withSeed(bytes.data() + layout::header_bytes,\n"
           "                              bytes.size() - layout::header_bytes, layout::check_seed);", TESTS),
    Mutant("another version is refused", "src/restart/wire.cpp",
           "if (version != protocol_version) {", "if (version < protocol_version) {", TESTS),
    Mutant("a gigabyte is refused unread", "src/restart/wire.cpp",
           "if (bytes.size() > max_event_payload + layout::envelope_bytes)", "if (false)", TESTS),
    Mutant("a message that is no event is short", "src/restart/wire.cpp",
           "if (type != Type::event && bytes.size() > max_control_bytes)", "if (false)", TESTS),
    Mutant("a shutdown has a final UUID", "src/restart/wire.cpp",
           "if (final_uuid.is_nil())", "if (false)", TESTS),
    Mutant("a confirmation beyond all counting", "src/restart/wire.cpp",
           "if (sequence > max_sequence)", "if (false)", TESTS),
    Mutant("a history without a cycle", "src/restart/wire_announce.cpp",
           "return before.view == entry.view;", "return &before == &entry;", TESTS),
    Mutant("a history that ascends", "src/restart/wire_announce.cpp",
           "entry.from < out.back().from", "false", TESTS),
    Mutant("a floor below its ceiling", "src/restart/wire_announce.cpp",
           "if (member.floor > member.ceiling)", "if (false)", TESTS),
    Mutant("counts that no list bears out", "src/restart/wire_announce.cpp",
           "if (in.ran_over() || !in.at_end())", "if (in.ran_over())", TESTS),
    Mutant("a policy that nobody knows", "src/restart/wire_announce.cpp",
           'if (!read_enum(in, at::quorum, last_quorum, out.quorum)) return "its policy is unknown";',
           "out.quorum = static_cast<QuorumPolicy>(in.integer<std::uint8_t>(at::quorum));", TESTS),
    Mutant("a list within its bound", "src/restart/wire_announce.cpp",
           "if (count > max_compared)", "if (false)", TESTS),
    Mutant("a count that is too large does not become a small one", "src/restart/wire_bytes.hpp",
           "return static_cast<Narrow>(std::min<std::size_t>(size, std::numeric_limits<Narrow>::max()));",
           "return static_cast<Narrow>(size);", TESTS),
)
