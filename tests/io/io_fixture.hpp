// SPDX-License-Identifier: Apache-2.0
// A real directory and files in it, through the seam.
#pragma once

#include <cstring>
#include <vector>

#include "io/posix_directory.hpp"
#include "io/posix_file.hpp"
#include "journal/slot_file.hpp"
#include "journal_api/real_store.hpp"

namespace storemark::io {

constexpr std::size_t block = 4096;

/// For EXPECT_TRUE.
template <class T>
testing::AssertionResult worked(const IoResult<T>& result) {
  if (result) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << result.error().call << ": " << std::strerror(result.error().code);
}
template <class T>
testing::AssertionResult failed_so(const IoResult<T>& result, int code) {
  if (result) return testing::AssertionFailure() << "it worked";
  if (result.error().code == code) return testing::AssertionSuccess();
  return worked(result);
}

/// The value, or the end of the test.
template <class T>
T must(IoResult<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().call) + ": " +
                             std::strerror(result.error().code));
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// So many blocks, all of this byte, aligned as O_DIRECT wants them.
class Blocks {
 public:
  Blocks(std::size_t count, int byte) : bytes_(count * block) { fill(byte); }
  void fill(int byte) { std::memset(span().data(), byte, span().size()); }
  [[nodiscard]] std::span<std::byte> span() noexcept { return bytes_.span(); }
  [[nodiscard]] bool all(int byte) {
    for (const std::byte b : span()) {
      if (b != static_cast<std::byte>(byte)) return false;
    }
    return true;
  }

 private:
  AlignedBytes bytes_;
};

class IoTest : public testing::Test {
 protected:
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return root_.path(); }
  [[nodiscard]] std::filesystem::path journal() const { return path() / journal_file_name; }
  [[nodiscard]] std::unique_ptr<PosixDirectory> directory(
      DurableWrite mode = DurableWrite::automatic) const {
    return must(PosixDirectory::open_directory(path(), real::with_mode(mode)));
  }
  /// Makes the journal's file with these blocks, and lets it go.
  void make_file(std::size_t blocks, int byte) const {
    const auto at = directory();
    const auto file = must(at->create());
    Blocks data(blocks, byte);
    must(file->write(0, data.span()));
    must(file->sync());
    must(at->link(*file));
  }

 private:
  real::TempDirectory root_;
};

}  // namespace storemark::io
