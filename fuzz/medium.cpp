// SPDX-License-Identifier: Apache-2.0
#include "medium.hpp"

#include <cerrno>
#include <cstring>

namespace storemark::fuzz {
namespace {

using io::IoError;
using io::IoResult;

class MediumFile : public io::File {
 public:
  explicit MediumFile(Medium& medium) : medium_(medium) {}

  IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset + into.size() > medium_.image.file_bytes()) return fail(ENODATA, "read", offset);
    for (std::size_t at = 0; at < into.size(); at += layout::slot_bytes) {
      const auto block = into.subspan(at, layout::slot_bytes);
      const auto place = place_at(offset + at);
      if (place && medium_.image.is_broken(*place)) return fail(EIO, "read", offset + at);
      if (place) {
        std::memcpy(block.data(), medium_.image.block(*place).data(), block.size());
      } else {
        std::memset(block.data(), 0, block.size());
      }
    }
    return {};
  }

  IoResult<void> write(std::uint64_t offset, std::span<const std::byte> from) override {
    for (std::size_t at = 0; at < from.size(); at += layout::slot_bytes) {
      const auto place = place_at(offset + at);
      if (!place || medium_.image.is_broken(*place)) return fail(EIO, "write", offset + at);
      const bool cut = medium_.writes >= medium_.writes_left;
      const std::size_t arrived = !cut                                    ? layout::slot_bytes
                                  : medium_.writes == medium_.writes_left ? medium_.torn_at
                                                                          : 0;
      ++medium_.writes;
      std::memcpy(medium_.image.block(*place).data(), from.data() + at, arrived);
      if (cut) return fail(EIO, "write", offset + at);
    }
    return {};
  }

  IoResult<void> write_durable(std::uint64_t offset, std::span<const std::byte> from) override {
    return write(offset, from);
  }
  IoResult<void> sync() override { return {}; }
  IoResult<std::uint64_t> size() override { return medium_.image.file_bytes(); }

  Mode mode() const noexcept override { return {"fuzz", "direct", medium_.read_back_proves}; }

 private:
  static tl::unexpected<IoError> fail(int code, const char* call, std::uint64_t offset) {
    return tl::unexpected(IoError{code, call, offset});
  }

  Medium& medium_;
};

class MediumDirectory : public io::Directory {
 public:
  explicit MediumDirectory(Medium& medium) : medium_(medium) {}

  IoResult<std::unique_ptr<io::File>> open(io::Access /*access*/) override {
    return std::make_unique<MediumFile>(medium_);
  }
  // The file is there already: nothing here makes another.
  IoResult<std::unique_ptr<io::File>> create() override { return refused("create"); }
  IoResult<void> link(io::File& /*created*/) override { return refused("link"); }
  IoResult<void> exchange(io::File& /*created*/, const std::string& /*keep_as*/) override {
    return refused("exchange");
  }
  IoResult<void> sync() override { return {}; }
  IoResult<bool> names(io::File& /*file*/) override { return true; }
  IoResult<bool> locked(io::File& /*file*/) override { return false; }

 private:
  static tl::unexpected<IoError> refused(const char* call) {
    return tl::unexpected(IoError{EPERM, call, 0});
  }

  Medium& medium_;
};

}  // namespace

Environment environment_on(Medium& medium) {
  Environment out;
  out.directory = std::make_unique<MediumDirectory>(medium);
  out.path = "fuzz";
  // Nothing random: an input must mean the same every time.
  out.new_id = [] {
    Uuid id;
    id.bytes.fill(0xF5);
    return id;
  };
  out.wall_clock = [] { return std::int64_t{1}; };
  out.steady_clock = [] { return std::chrono::steady_clock::time_point{}; };
  return out;
}

}  // namespace storemark::fuzz
