// SPDX-License-Identifier: Apache-2.0
// The names of a real data directory.
#pragma once

#include <filesystem>

#include "io/descriptor.hpp"
#include "io/directory.hpp"

namespace storemark::io {

class PosixDirectory : public Directory {
 public:
  /// Makes the directory first, if the options say so.
  [[nodiscard]] static IoResult<std::unique_ptr<PosixDirectory>> open_directory(
      const std::filesystem::path& path, const Options& options);

  ~PosixDirectory() override;

  IoResult<std::unique_ptr<File>> open(Access access) override;
  IoResult<std::unique_ptr<File>> create() override;
  IoResult<void> link(File& created) override;
  IoResult<void> exchange(File& created, const std::string& keep_as) override;
  IoResult<void> sync() override;
  IoResult<bool> names(File& file) override;
  IoResult<bool> locked(File& file) override;

 private:
  PosixDirectory(Descriptor directory, Descriptor parent, DurableWrite durable_write)
      : directory_(std::move(directory)),
        parent_(std::move(parent)),
        durable_write_(durable_write) {}

  void forget_temporary();
  [[nodiscard]] IoResult<void> link_as(const File& created, const char* name);

  Descriptor directory_;
  Descriptor parent_;  ///< open only where the directory was made here
  DurableWrite durable_write_;
  std::string temporary_;  ///< the created file's own name, where it needs one
};

}  // namespace storemark::io
