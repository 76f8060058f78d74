// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <storemark/operator.hpp>

#include "journal/create.hpp"
#include "journal/errors.hpp"
#include "journal/examine_on.hpp"
#include "journal/heal.hpp"
#include "journal/io_errors.hpp"
#include "journal/open.hpp"
#include "journal/word_log.hpp"

namespace storemark {
namespace {

constexpr auto not_repaired = "the journal was not repaired";

Result<void> check_repairable(const recovery::Reading& reading, const std::string& path) {
  const auto refuse = [&](Errc code, const char* why, const char* todo) {
    return fail(code, not_repaired, path, why, todo);
  };
  if (reading.verdict.diagnosis == Diagnosis::future || reading.write_forbidden) {
    return refuse(Errc::journal_future, "a newer storemark wrote it", "use the newer one");
  }
  if (reading.verdict.diagnosis == Diagnosis::foreign) {
    return refuse(Errc::not_a_journal, "it is not a journal", "move away what stands there");
  }
  if (!reading.verdict.record) {
    return refuse(Errc::journal_damaged, "no slot can be read: there is nothing to heal from",
                  "bring back a backup, or `storemark adopt`");
  }
  return {};
}

bool is_sound(const recovery::Reading& reading) {
  const bool anchored = std::ranges::all_of(reading.anchors, [&](const SlotReport& anchor) {
    return anchor.health == SlotHealth::current;
  });
  return anchored && reading.verdict.diagnosis == Diagnosis::none && !reading.verdict.unsettled;
}

}  // namespace

Result<Repair> repair_on(Environment& environment, const std::string& keep_as) {
  const auto to_result = [&](const io::IoError& error) {
    return tl::unexpected(to_error(error, not_repaired, environment.path));
  };
  auto file = environment.directory->open(io::Access::read_write);
  if (!file && file.error().code == ENOENT) {
    return fail(Errc::journal_absent, not_repaired, environment.path, "there is no journal",
                "check the path; for a store that lost it, `storemark adopt`");
  }
  if (!file) return to_result(file.error());
  SlotFile slots(std::move(*file));
  const auto evidence = slots.read_all();
  if (!evidence) return to_result(evidence.error());
  const recovery::Reading reading = recovery::read(*evidence, StoreFacts{});
  if (auto can = check_repairable(reading, environment.path); !can) {
    return tl::unexpected(can.error());
  }
  Repair out;
  out.before = out.after = reading.verdict;
  if (is_sound(reading)) return out;
  Record record = healed_record(reading);
  record.generation = reading.generation + 1;
  record.parent = reading.hash;
  record.incarnation = Incarnation(environment.new_id());
  auto fresh = make_file(environment, record);
  if (!fresh) return tl::unexpected(fresh.error());
  if (auto done = environment.directory->exchange((*fresh)->file(), keep_as); !done) {
    return to_result(done.error());
  }
  if (auto synced = environment.directory->sync(); !synced) return to_result(synced.error());
  const auto rebuilt = (*fresh)->read_all();
  if (!rebuilt) return to_result(rebuilt.error());
  out.rebuilt = true;
  out.after = recovery::read(*rebuilt, StoreFacts{}).verdict;
  return out;
}

Result<Repair> repair(const std::filesystem::path& directory) {
  auto environment = system_environment(directory, Options{});
  if (!environment) return tl::unexpected(environment.error());
  const auto found = examine_on(*environment, StoreFacts{});
  const std::uint64_t generation =
      found && found->verdict.record ? found->verdict.record->generation : 0;
  const std::string keep_as = backup_name(directory, generation);
  auto done = repair_on(*environment, keep_as);
  if (done && done->rebuilt) done->backup = directory / keep_as;
  return done;
}

}  // namespace storemark
