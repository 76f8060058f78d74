// SPDX-License-Identifier: Apache-2.0
// Real journals in a temporary directory, made through the library, and damaged at will.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <storemark/storemark.hpp>
#include <string>
#include <vector>

#include "run_tool.hpp"

namespace storemark::cli_test {

class StoresTest : public testing::Test {
 protected:
  StoresTest();
  ~StoresTest() override;

  /// The path of a data directory of this name; it need not exist.
  [[nodiscard]] std::string path(const std::string& name) const { return root_ / name; }
  /// Makes the data directory, and lets `live` use its journal.
  std::string make(const std::string& name, const std::function<void(Journal&)>& live) const;
  /// Opens the journal of a store that holds `sequence` events.
  [[nodiscard]] static Result<Journal> open(const std::string& directory, std::uint64_t sequence);

  // Each makes a store and gives its directory.
  std::string empty(const std::string& name) const;
  /// Left by a crash after its event n was durable, in the cluster's one view or another.
  std::string dirty(const std::string& name, std::uint64_t n,
                    const std::optional<View>& view = std::nullopt) const;
  /// Left by a crash somewhere between two sequences.
  std::string dirty_between(const std::string& name, std::uint64_t floor,
                            std::uint64_t ceiling) const;
  std::string clean(const std::string& name, std::uint64_t n,
                    const std::optional<StoreTag>& tag = std::nullopt) const;
  std::string updating(const std::string& name, std::uint64_t target) const;
  /// A copy of a data directory.
  std::string clone(const std::string& name, const std::string& of) const;

  static void flip_bit(const std::string& directory, unsigned slot, unsigned byte = 100);
  static void zero(const std::string& directory, unsigned slot);
  /// What a file holds; to see that it was left alone.
  [[nodiscard]] static std::string bytes(const std::string& directory);
  [[nodiscard]] static Examination examined(const std::string& directory);

  std::filesystem::path root_;
  InitialUuid cluster_{new_uuid()};
  FinalUuid final_{new_uuid()};
  View view_{ViewId{new_uuid()}, {}};
};

}  // namespace storemark::cli_test
