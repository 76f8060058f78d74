// SPDX-License-Identifier: Apache-2.0
#include "journal/create.hpp"

#include "journal/errors.hpp"
#include "journal/io_errors.hpp"
#include "journal/slot_file.hpp"

namespace storemark {
namespace {

constexpr auto not_created = "the journal could not be created";

/// So that a later write allocates nothing and changes no size.
io::IoResult<void> fill_with_zeros(io::File& file) {
  constexpr std::size_t chunk = 16 * layout::slot_bytes;
  AlignedBytes zeros(chunk);
  for (std::uint64_t at = 0; at < layout::file_bytes; at += chunk) {
    const auto left = static_cast<std::size_t>(layout::file_bytes - at);
    if (auto done = file.write(at, zeros.span().first(std::min(chunk, left))); !done) return done;
  }
  return file.sync();
}

io::IoResult<void> write_everywhere(SlotFile& slots) {
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    if (auto done = slots.write_place_cached(place); !done) return done;
  }
  return slots.sync();
}

}  // namespace

Record first_record(const Environment& environment) {
  Record record;
  record.journal = JournalId(environment.new_id());
  record.member = MemberId(environment.new_id());
  record.incarnation = Incarnation(environment.new_id());
  record.generation = 1;
  record.wall_clock = environment.wall_clock();
  return record;
}

Result<std::unique_ptr<SlotFile>> make_file(Environment& environment, const Record& record) {
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, not_created, environment.path));
  };
  auto file = environment.directory->create();
  if (!file) return to_result(file.error());
  auto slots = std::make_unique<SlotFile>(std::move(*file));
  std::array<std::byte, layout::slot_bytes> encoded;
  if (auto done = codec::encode(record, encoded); !done) return tl::unexpected(done.error());
  slots->stage(encoded);
  if (auto zeroed = fill_with_zeros(slots->file()); !zeroed) return to_result(zeroed.error());
  if (auto written = write_everywhere(*slots); !written) return to_result(written.error());
  return slots;
}

Result<std::unique_ptr<SlotFile>> create_journal(Environment& environment, const Record& record) {
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, not_created, environment.path));
  };
  auto slots = make_file(environment, record);
  if (!slots) return slots;
  if (auto linked = environment.directory->link((*slots)->file()); !linked)
    return to_result(linked.error());
  if (auto synced = environment.directory->sync(); !synced) return to_result(synced.error());
  return slots;
}

}  // namespace storemark
