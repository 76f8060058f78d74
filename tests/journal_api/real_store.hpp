// SPDX-License-Identifier: Apache-2.0
// Real journals in a real temporary directory: made through the library, damaged at will, and
// compared byte for byte.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <compare>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <storemark/storemark.hpp>
#include <string>
#include <string_view>

namespace storemark::real {

namespace fs = std::filesystem;

/// The value, or the end of the test.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// For EXPECT_TRUE: it worked, or the message says why not.
template <class T>
testing::AssertionResult ok(const Result<T>& result) {
  if (result) return testing::AssertionSuccess();
  return testing::AssertionFailure() << to_string(result.error());
}

testing::AssertionResult is_error(const Error& error, Errc code);

/// For EXPECT_TRUE: it failed, with this error, all of whose texts are there.
template <class T>
testing::AssertionResult fails(const Result<T>& result, Errc code) {
  if (!result) return is_error(result.error(), code);
  return testing::AssertionFailure() << "it worked; expected " << error_name(code);
}

/// What a file is, so that two looks can be compared: times too, so that a write of the same bytes
/// is seen.
struct FileImage {
  ::mode_t mode = 0;
  ::ino_t inode = 0;
  ::off_t size = 0;
  std::int64_t modified = 0;  ///< nanoseconds
  std::int64_t changed = 0;
  std::string bytes;  ///< of a regular file of moderate size
  auto operator<=>(const FileImage&) const = default;
};
void PrintTo(const FileImage& image, std::ostream* out);
/// Everything in a directory.
using DirectoryImage = std::map<std::string, FileImage>;

[[nodiscard]] FileImage image_of(const fs::path& file);
[[nodiscard]] DirectoryImage images_in(const fs::path& directory);
[[nodiscard]] std::string bytes_of(const fs::path& file);
/// For EXPECT_TRUE: a difference is told by its place, and not printed whole.
testing::AssertionResult same_bytes(const std::string& a, const std::string& b);
void write_file(const fs::path& file, std::string_view bytes);
/// Changes bytes in place.
void overwrite(const fs::path& file, std::uint64_t at, std::string_view bytes);

/// A new directory, removed at the end.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

[[nodiscard]] View view_of(std::size_t members = 1);
[[nodiscard]] StoreFacts nothing();
[[nodiscard]] StoreFacts data(std::optional<std::uint64_t> sequence = std::nullopt,
                              std::optional<StoreTag> tag = std::nullopt);
[[nodiscard]] StoreTag tag_of(std::string_view text);
[[nodiscard]] Options with_mode(DurableWrite mode);
[[nodiscard]] unsigned slots_with(const Examination& seen, SlotHealth health);

/// One store with its journal.
class RealStore {
 public:
  explicit RealStore(fs::path directory) : directory_(std::move(directory)) {}

  [[nodiscard]] const fs::path& directory() const noexcept { return directory_; }
  [[nodiscard]] fs::path file() const { return directory_ / journal_file_name; }
  [[nodiscard]] const InitialUuid& cluster() const noexcept { return cluster_; }

  [[nodiscard]] Result<Journal> open(const StoreFacts& facts = data(),
                                     const Options& options = {}) const {
    return Journal::open(directory_, facts, options);
  }
  [[nodiscard]] Examination examined(const StoreFacts& facts = {}) const {
    return must(examine(directory_, facts));
  }

  struct Live {
    Journal journal;
    WritePermit permit;
  };
  /// A new store's journal, founded and activated at `sequence`.
  [[nodiscard]] Live activated(const Options& options = {}, std::uint64_t sequence = 0) const;

  // Each makes the journal of a new store and closes it again.
  void leave_empty() const;
  void leave_founded() const;
  void leave_dirty(std::uint64_t sequence) const;
  void leave_between(std::uint64_t floor, std::uint64_t ceiling) const;
  void leave_clean(std::uint64_t sequence, std::optional<StoreTag> tag = std::nullopt) const;
  void leave_updating(std::uint64_t held, std::uint64_t target) const;

  // Damage.
  void zero_slot(std::size_t slot) const;
  void flip_bit(std::size_t slot, std::size_t byte = 100) const;
  void zero_all_slots_and_anchors() const;
  /// A later version's feature, which this one must not touch.
  void make_future() const;

 private:
  fs::path directory_;
  InitialUuid cluster_{new_uuid()};
};

class RealStoreTest : public testing::Test, public RealStore {
 protected:
  RealStoreTest() : RealStoreTest(std::make_unique<TempDirectory>()) {}

  /// Calls, and expects the error, and that nothing in the data directory changed.
  template <class Call>
  void expect_refused(Errc code, Call call) const {
    const DirectoryImage before = images_in(directory());
    EXPECT_TRUE(fails(call(), code));
    EXPECT_EQ(images_in(directory()), before) << "refused, and yet written";
  }

  [[nodiscard]] const fs::path& root() const noexcept { return root_->path(); }

 private:
  explicit RealStoreTest(std::unique_ptr<TempDirectory> root);
  std::unique_ptr<TempDirectory> root_;
};

/// A test for each way of writing; where the filesystem has it not, it says so and is skipped.
class EachModeTest : public RealStoreTest, public testing::WithParamInterface<DurableWrite> {
 protected:
  void SetUp() override {
    options_ = with_mode(GetParam());
    const auto tried = open(nothing(), options_);
    if (!tried) GTEST_SKIP() << "not this mode here: " << to_string(tried.error());
  }
  Options options_;
};

inline constexpr std::array every_mode{DurableWrite::automatic, DurableWrite::direct,
                                       DurableWrite::buffered};
/// The name of a mode in that of a test.
[[nodiscard]] std::string name_of_mode(const testing::TestParamInfo<DurableWrite>& tested);

}  // namespace storemark::real
