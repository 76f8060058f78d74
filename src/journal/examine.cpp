// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <storemark/examine.hpp>

#include "journal/examine_on.hpp"
#include "journal/io_errors.hpp"
#include "journal/slot_file.hpp"

namespace storemark {
namespace {

constexpr auto not_examined = "the journal could not be examined";
/// A writer rewrites a slot a few thousand times a second at most; a pass takes microseconds.
constexpr int passes = 16;

bool same(const codec::Decoded& a, const codec::Decoded& b) {
  return a.health == b.health && a.hash == b.hash && a.journal == b.journal;
}

bool same(const recovery::Evidence& a, const recovery::Evidence& b) {
  for (std::size_t i = 0; i < slot_count; ++i) {
    if (!same(a.slots.at(i), b.slots.at(i))) return false;
  }
  return a.file_bytes == b.file_bytes;
}

/// Reads until two passes agree. Bytes that are the same need not be decoded again.
io::IoResult<recovery::Evidence> read_settled(SlotFile& slots, bool& busy) {
  AlignedBytes raw(slot_count * layout::slot_bytes);
  auto before = slots.read_all(&raw);
  for (int pass = 0; before && pass < passes; ++pass) {
    if (slots.stand_still(raw)) return before;
    auto after = slots.read_all(&raw);
    if (!after || same(*before, *after)) return after;
    before = std::move(after);
  }
  busy = true;
  return before;
}

Examination without_file(const Environment& environment, const StoreFacts& facts) {
  Examination out;
  out.directory = environment.path;
  const bool data = facts.content == StoreContent::holds_data;
  out.verdict.diagnosis = data ? Diagnosis::lost : Diagnosis::absent;
  out.verdict.why.emplace_back(data ? "the store holds data, and its journal is missing"
                                    : "there is no journal");
  for (SlotReport& slot : out.slots) slot.why = "there is no file";
  for (SlotReport& anchor : out.anchors) anchor.why = "there is no file";
  return out;
}

}  // namespace

Result<Examination> examine_on(Environment& environment, const StoreFacts& facts) {
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, not_examined, environment.path));
  };
  auto file = environment.directory->open(io::Access::read_only);
  if (!file && file.error().code == ENOENT) return without_file(environment, facts);
  if (!file) return to_result(file.error());
  Examination out;
  out.directory = environment.path;
  const auto locked = environment.directory->locked(**file);
  if (!locked) return to_result(locked.error());
  out.in_use = *locked;
  SlotFile slots(std::move(*file));
  const auto evidence = read_settled(slots, out.busy);
  if (!evidence) return to_result(evidence.error());
  recovery::Reading reading = recovery::read(*evidence, facts);
  out.file_bytes = evidence->file_bytes;
  out.verdict = std::move(reading.verdict);
  out.slots = std::move(reading.slots);
  out.anchors = std::move(reading.anchors);
  return out;
}

Result<Examination> examine(const std::filesystem::path& directory, const StoreFacts& facts) {
  auto environment = system_environment(directory, Options{});
  if (!environment) return tl::unexpected(environment.error());
  return examine_on(*environment, facts);
}

}  // namespace storemark
