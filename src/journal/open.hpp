// SPDX-License-Identifier: Apache-2.0
// Opening on any environment: what Journal::open, the operator's word and the tests share.
#pragma once

#include <memory>
#include <storemark/journal.hpp>

#include "journal/environment.hpp"

namespace storemark {

class Core;

/// Opens, takes the lock and reads, but leaves settle() to the caller. Facts of unknown content are
/// for the operator's tools: then a missing journal is journal_absent, and nothing is held against
/// the store.
[[nodiscard]] Result<std::shared_ptr<Core>> look_only(Environment environment,
                                                      const StoreFacts& facts,
                                                      const Options& options);

/// As Journal::open.
[[nodiscard]] Result<std::shared_ptr<Core>> open_core(Environment environment,
                                                      const StoreFacts& facts,
                                                      const Options& options);

/// The one door from a core to its handle.
class CoreAccess {
 public:
  [[nodiscard]] static Result<Journal> open(Environment environment, const StoreFacts& facts,
                                            const Options& options);
  [[nodiscard]] static Core& core(const Journal& journal) noexcept { return *journal.core_; }
  /// To look at it as long as some handle is there.
  [[nodiscard]] static std::weak_ptr<Core> watch(const Journal& journal) noexcept {
    return journal.core_;
  }
};

/// As Journal::open.
[[nodiscard]] Result<Journal> open_journal(Environment environment, const StoreFacts& facts,
                                           const Options& options);

/// As repair(), on any environment; the damaged file gets the name `keep_as`.
struct Repair;
[[nodiscard]] Result<Repair> repair_on(Environment& environment, const std::string& keep_as);

}  // namespace storemark
