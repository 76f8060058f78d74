// SPDX-License-Identifier: Apache-2.0
#include "update.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "must.hpp"

namespace store_module {
namespace {

namespace fs = std::filesystem;
using storemark::Record;
using storemark::StoreState;

/// The donor's record, if it can give.
Record donor_record(const fs::path& donor) {
  const auto examination = must(storemark::examine(donor));
  const auto refuse = [&](const std::string& why) {
    return std::runtime_error("cannot be updated from " + donor.string() + ": " + why);
  };
  const storemark::Verdict& verdict = examination.verdict;
  if (verdict.diagnosis != storemark::Diagnosis::none || !verdict.record) {
    throw refuse("its journal is " + std::string(to_string(verdict.diagnosis)));
  }
  if (verdict.state != StoreState::dirty && verdict.state != StoreState::clean) {
    throw refuse("it is " + std::string(to_string(verdict.state)));
  }
  if (verdict.record->marked) {
    throw refuse("it was marked clean and has not been started since; start it first");
  }
  return *verdict.record;
}

}  // namespace

MessageStore take_update(storemark::Journal& journal, MessageStore&& store,
                         const fs::path& directory, const fs::path& donor) {
  const Record giving = donor_record(donor);
  if (giving.member == journal.record().member) {
    throw std::runtime_error(
        "the donor " + donor.string() +
        " has this store's own member id: one directory is a copy of the other");
  }
  // An empty store takes the cluster's UUID here; one of another cluster is refused.
  must(journal.found(giving.initial));
  storemark::UpdatePermit permit = must(journal.begin_update(giving.member, giving.floor));

  { const MessageStore closed = std::move(store); }
  MessageStore::replace(directory, MessageStore(donor, Access::read));
  MessageStore updated(directory);

  // A running donor may have gone into a new view while it was copied; then the history that was
  // read is not that of the copy.
  if (donor_record(donor).history != giving.history) {
    throw std::runtime_error("the donor's view changed during the update; take it again");
  }
  must(journal.end_update(std::move(permit), updated.head().sequence, giving.history));
  return updated;
}

}  // namespace store_module
