# SPDX-License-Identifier: Apache-2.0
"""The guards, and how each is taken out: an exact piece of source, what takes its place, and the test
programs that are to notice, quickest first. A piece that is not found any more is an error: then the
list is behind the code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    guard: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


CRASH = ("every_error_test", "read_back_test", "every_crash_test")
READING = ("recovery_test", "codec_test", "every_crash_test")

MUTANTS = (
    Mutant("the last barrier of six", "src/journal/transition.cpp",
           "slots_->write_slot(slot); !written",
           "slot == 5 ? slots_->write_place_cached(slot) : slots_->write_slot(slot); !written", CRASH),
    Mutant("a barrier in the middle of six", "src/journal/transition.cpp",
           "slots_->write_slot(slot); !written",
           "slot != 5 ? slots_->write_place_cached(slot) : slots_->write_slot(slot); !written", CRASH),
    Mutant("the read-back of a transition", "src/journal/transition.cpp",
           "const bool holds = slots_->slot_holds(slot, hash);",
           "const bool holds = slots_->slot_holds(slot, hash) || true;", CRASH),
    Mutant("the read-back of a sequence write", "src/journal/read_back.cpp",
           "if (!mode_.read_back_proves) return;", "return;", ("read_back_test",)),
    Mutant("a lost write is written again", "src/journal/read_back.cpp",
           "  static_cast<void>(write_newest());\n", "", ("read_back_test",)),
    Mutant("half a pair is no pair", "src/journal/read_back.cpp",
           "i < holds.size(); ++i) {\n    if (!holds", "i + 1 < holds.size(); ++i) {\n    if (!holds",
           ("read_back_test",)),
    Mutant("a pair written over while it was read proves nothing", "src/journal/read_back.cpp",
           "if (unproven_.at(pair) != hash) return true;", "", ("read_back_test",)),
    Mutant("what keeps nothing is not believed for ever", "src/journal/read_back.cpp",
           ">= losses_before_giving_up", ">= 1000 * losses_before_giving_up", ("read_back_test",)),
    Mutant("a dropped permit's last writes are read back", "src/journal/permit_handles.cpp",
           "  core->read_back();  //", "  //", ("read_back_test",)),
    Mutant("someone wakes for the read-back", "src/journal/read_back.cpp",
           "if (thread_) thread_->written();", "", ("journal_api_test",)),
    Mutant("healing", "src/journal/heal.cpp",
           "if (holds_it && mode_.read_back_proves) continue;", "continue;", CRASH),
    Mutant("worst first", "src/journal/heal.cpp", "std::ranges::greater{}", "std::ranges::less{}",
           CRASH),
    Mutant("the flush of what was read, before healing", "src/journal/heal.cpp",
           "unflushed_ = reading.healing == Healing::none;", "unflushed_ = true;", CRASH),
    Mutant("the flush of what was read, before a transition", "src/journal/transition.cpp",
           "if (!unflushed_) return {};", "return {};", ("every_crash_test",)),
    Mutant("never elide", "src/journal/transition.cpp",
           "  const Turn turn(*this);\n  if (auto named",
           "  if (next.state == current_.state && next.state == StoreState::dirty) return {};\n"
           "  const Turn turn(*this);\n  if (auto named", CRASH),
    Mutant("clean needs four slots, not one", "src/journal/store_facts.hpp",
           "copies_for_clean = 4", "copies_for_clean = 1", READING),
    Mutant("a tag does not make one slot clean", "src/journal/store_facts.hpp",
           "copies_for_clean_with_tag = 2", "copies_for_clean_with_tag = 1", READING),
    Mutant("a tag that differs vetoes clean", "src/journal/store_facts.cpp",
           "TagSays::same : TagSays::different", "TagSays::same : TagSays::nothing",
           ("recovery_test", "journal_parts_test", "journal_api_test")),
    Mutant("the slot's place in the seal", "src/journal/codec.cpp",
           "layout::seal_seed + place", "layout::seal_seed + 0 * place", ("codec_test",)),
    Mutant("the checksum covers the whole block", "src/journal/codec.cpp",
           "XXH3_128bits(slot.data(), layout::hashed_bytes)",
           "XXH3_128bits(slot.data(), layout::hashed_bytes / 2)",
           ("codec_test", "every_sector_test")),
    Mutant("the sync of the directory after creation", "src/journal/create.cpp",
           "if (auto synced = environment.directory->sync(); !synced)",
           "if (io::IoResult<void> synced; !synced)", ("made_file_test",)),
    Mutant("the sync of the directory after a repair", "src/journal/repair.cpp",
           "if (auto synced = environment.directory->sync(); !synced)",
           "if (io::IoResult<void> synced; !synced)", ("made_file_test",)),
    Mutant("the sync of the directory of a file as it was made", "src/journal/open.cpp",
           "if (looked.reading.as_made)", "if (false)", CRASH),
    Mutant("the sync of a new file before it has its name", "src/journal/create.cpp",
           "  return slots.sync();", "  return {};", CRASH),
    Mutant("poison", "src/journal/core.cpp", "  if (!poison_) {", "  if (false) {", CRASH),
    Mutant("missing is not empty", "src/journal/open.cpp",
           "if (facts.content != StoreContent::holds_nothing)", "if (false)",
           ("journal_api_test", "operator_api_test")),
    Mutant("opening does not dirty", "src/journal/open.cpp",
           "  update_left_nothing_ =",
           "  if (Record burnt = current_; burnt.state == StoreState::clean) {\n"
           "    burnt.state = StoreState::dirty;\n"
           "    if (auto done = transition(std::move(burnt)); !done) return done;\n"
           "    verdict_.state = StoreState::dirty;\n"
           "  }\n"
           "  update_left_nothing_ =", CRASH),
    Mutant("the permit is revoked before clean", "src/journal/journal.cpp",
           "  core_->revoke();\n  // Once more", "  // Once more", ("revoking_test",)),
    Mutant("the sequence is checked again after the revoking", "src/journal/journal.cpp",
           "  if (auto rises = check_sequence(); !rises) return rises;\n  Record next",
           "  Record next", ("revoking_test",)),
    Mutant("a transition cut after its first pair is not settled", "src/journal/recovery.cpp",
           "legal::is_settled(reading.image) && one_kind(reading)",
           "legal::is_settled(reading.image)", CRASH + ("recovery_test",)),
    Mutant("a newer record in the wrong slot is evidence", "src/journal/recovery.cpp",
           "if (!report.record || (!misplaced && !placed)) continue;",
           "if (!report.record || !placed) continue;", READING),
    Mutant("two records of one generation are dirty", "src/journal/recovery.cpp",
           "return worst == StoreState::clean ? StoreState::dirty : worst;", "return worst;",
           READING),
    Mutant("doubt is recorded by the healing", "src/journal/heal.cpp",
           "next.unproven = verdict.certainty == Certainty::at_least;", "next.unproven = false;",
           ("read_back_test",)),
    Mutant("one fault is no doubt", "src/journal/recovery.cpp",
           "legal::distance(reading.image) <= 1", "legal::distance(reading.image) <= 0",
           READING + ("media_faults_test",)),
    Mutant("the anchors say whose file it is", "src/journal/recovery.cpp",
           "    ++votes[anchor.journal].anchors;", "", READING),
    Mutant("a store that holds less is hollow", "src/journal/store_facts.cpp",
           "if (held < verdict.floor) {", "if (false) {", ("journal_parts_test", "recovery_test",
                                                          "journal_api_test")),
    Mutant("an unknown feature refuses the file", "src/journal/recovery.cpp",
           "if (journal && is_future(evidence, reading)) {", "if (false) {", READING),
    Mutant("one writer: the lock", "src/io/posix_directory.cpp",
           "if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return {};", "return {};",
           ("io_test", "journal_api_test")),
    Mutant("the name is checked", "src/journal/transition.cpp",
           "if (names && *names) return {};", "return {};", ("journal_api_test", "operator_api_test",
                                                          "process_test")),
    Mutant("the child of a fork is refused", "src/journal/gate.cpp",
           "static_cast<void>(::madvise(page, page_bytes, MADV_WIPEONFORK));", "",
           ("journal_parts_test", "journal_api_test")),
    Mutant("a clean record of another count is not clean", "src/journal/store_facts.cpp",
           "if (verdict.state == StoreState::clean) {", "if (false) {",
           ("journal_parts_test", "recovery_test", "journal_api_test")),
    Mutant("lost writes go first", "src/journal/read_back.cpp",
           "on_slot_.at(slot) = ours ? found.record->generation : 0;",
           "on_slot_.at(slot) = next_generation();", ("read_back_test",)),
)
