// SPDX-License-Identifier: Apache-2.0
// The journal's file on Linux.
#pragma once

#include "io/descriptor.hpp"
#include "io/file.hpp"
#include "io/filesystem.hpp"

namespace storemark::io {

class PosixFile : public File {
 public:
  /// Takes over an open, locked descriptor, and opens the same file anew as the filesystem and the
  /// caller want it written. EINVAL where direct was asked for and cannot be had.
  [[nodiscard]] static IoResult<std::unique_ptr<PosixFile>> for_writing(Descriptor locked,
                                                                        DurableWrite wanted);
  /// Through the page cache; nothing but reads.
  [[nodiscard]] static IoResult<std::unique_ptr<PosixFile>> for_looking(Descriptor opened);

  IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) override;
  IoResult<void> write(std::uint64_t offset, std::span<const std::byte> from) override;
  IoResult<void> write_durable(std::uint64_t offset, std::span<const std::byte> from) override;
  IoResult<void> sync() override;
  IoResult<std::uint64_t> size() override;
  Mode mode() const noexcept override;

  /// The descriptor that holds the lock.
  [[nodiscard]] int descriptor() const noexcept { return locked_.get(); }

 private:
  PosixFile(Descriptor locked, Descriptor direct, Filesystem filesystem, bool write_direct,
            bool drop_cache)
      : locked_(std::move(locked)),
        direct_(std::move(direct)),
        filesystem_(filesystem),
        write_direct_(write_direct),
        drop_cache_(drop_cache) {}

  Descriptor locked_;  // buffered
  Descriptor direct_;  // O_DIRECT; closed where that is refused
  Filesystem filesystem_;
  bool write_direct_;
  bool drop_cache_;
};

}  // namespace storemark::io
