// SPDX-License-Identifier: Apache-2.0
// A journal in a directory of its own, founded and active.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <storemark/storemark.hpp>

namespace storemark::bench {

/// The value, or the end of the program: there is nothing to measure then.
template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class ActiveJournal {
 public:
  ActiveJournal(const std::filesystem::path& directory, Options options)
      : journal_(founded(directory, options)), permit_(must(journal_.activate(view(), 0))) {}

  Mode mode() const { return journal_.mode(); }
  std::uint64_t sequence_writes() const { return journal_.health().sequence_writes; }
  WritePermit& permit() { return permit_; }

  void activate() { permit_ = must(journal_.activate(view(), 0)); }
  void mark_clean() {
    CleanShutdown shutdown;
    shutdown.final = FinalUuid(new_uuid());
    must(journal_.mark_clean(std::move(permit_), shutdown));
  }

 private:
  static Journal founded(const std::filesystem::path& directory, Options options) {
    options.make_directory = true;
    Journal journal =
        must(Journal::open(directory, {StoreContent::holds_nothing, {}, {}}, options));
    must(journal.found(InitialUuid(new_uuid())));
    return journal;
  }
  static View view() {
    Uuid id;
    id.bytes.fill(1);
    return {ViewId(id), {{MemberId(id), "a", 0}, {MemberId(new_uuid()), "b", 0}}};
  }

  Journal journal_;
  WritePermit permit_;
};

}  // namespace storemark::bench
