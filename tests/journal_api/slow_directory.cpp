// SPDX-License-Identifier: Apache-2.0
#include "journal_api/slow_directory.hpp"

#include <thread>

#include "journal_api/real_store.hpp"

namespace storemark::real {
namespace {

using io::IoResult;

class SlowFile : public io::File {
 public:
  SlowFile(std::unique_ptr<io::File> file, std::chrono::microseconds each_write)
      : file_(std::move(file)), each_write_(each_write) {}

  IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    return file_->read(offset, into);
  }
  IoResult<void> write(std::uint64_t offset, std::span<const std::byte> from) override {
    return file_->write(offset, from);
  }
  IoResult<void> write_durable(std::uint64_t offset, std::span<const std::byte> from) override {
    std::this_thread::sleep_for(each_write_);
    return file_->write_durable(offset, from);
  }
  IoResult<void> sync() override { return file_->sync(); }
  IoResult<std::uint64_t> size() override { return file_->size(); }
  Mode mode() const noexcept override { return file_->mode(); }

  [[nodiscard]] io::File& real() noexcept { return *file_; }

 private:
  std::unique_ptr<io::File> file_;
  std::chrono::microseconds each_write_;
};

class SlowDirectory : public io::Directory {
 public:
  SlowDirectory(std::unique_ptr<io::Directory> directory, std::chrono::microseconds each_write)
      : directory_(std::move(directory)), each_write_(each_write) {}

  IoResult<std::unique_ptr<io::File>> open(io::Access access) override {
    return wrap(directory_->open(access));
  }
  IoResult<std::unique_ptr<io::File>> create() override { return wrap(directory_->create()); }
  IoResult<void> link(io::File& created) override { return directory_->link(real(created)); }
  IoResult<void> exchange(io::File& created, const std::string& keep_as) override {
    return directory_->exchange(real(created), keep_as);
  }
  IoResult<void> sync() override { return directory_->sync(); }
  IoResult<bool> names(io::File& file) override { return directory_->names(real(file)); }
  IoResult<bool> locked(io::File& file) override { return directory_->locked(real(file)); }

 private:
  static io::File& real(io::File& file) { return dynamic_cast<SlowFile&>(file).real(); }

  [[nodiscard]] IoResult<std::unique_ptr<io::File>> wrap(
      IoResult<std::unique_ptr<io::File>> opened) const {
    if (!opened) return opened;
    return std::make_unique<SlowFile>(std::move(*opened), each_write_);
  }

  std::unique_ptr<io::Directory> directory_;
  std::chrono::microseconds each_write_;
};

}  // namespace

Environment slow_environment(const std::filesystem::path& directory,
                             std::chrono::microseconds each_write) {
  Environment environment = must(system_environment(directory, Options{}));
  environment.directory =
      std::make_unique<SlowDirectory>(std::move(environment.directory), each_write);
  return environment;
}

}  // namespace storemark::real
