// SPDX-License-Identifier: Apache-2.0
#include "journal/memory_store.hpp"

#include <algorithm>
#include <cerrno>

#include "journal/samples.hpp"

namespace storemark::test {
namespace {

using io::IoError;
using io::IoResult;

class MemoryFile : public io::File {
 public:
  explicit MemoryFile(Memory& memory) : memory_(memory) {}

  IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset + into.size() > memory_.file.size()) return failed(ENODATA, offset);
    for (const std::size_t place : places(offset, into.size())) {
      if (memory_.unreadable.contains(place)) return failed(EIO, offset);
    }
    std::copy_n(memory_.file.begin() + static_cast<std::ptrdiff_t>(offset), into.size(),
                into.begin());
    return {};
  }

  IoResult<void> write(std::uint64_t offset, std::span<const std::byte> from) override {
    if (memory_.file.size() < offset + from.size()) memory_.file.resize(offset + from.size());
    const auto touched = places(offset, from.size());
    for (const std::size_t place : touched) {
      if (memory_.failing.contains(place)) return failed(EIO, offset);
    }
    for (const std::size_t place : touched) {
      if (memory_.forgetful.contains(place)) return {};
    }
    std::ranges::copy(from, memory_.file.begin() + static_cast<std::ptrdiff_t>(offset));
    return {};
  }

  IoResult<void> write_durable(std::uint64_t offset, std::span<const std::byte> from) override {
    std::string word;
    for (const std::size_t place : places(offset, from.size())) {
      word += (word.empty() ? "" : "+") + std::to_string(place);
    }
    memory_.log.push_back(word);
    return write(offset, from);
  }

  IoResult<void> sync() override {
    memory_.log.emplace_back("sync");
    return {};
  }
  IoResult<std::uint64_t> size() override { return memory_.file.size(); }
  Mode mode() const noexcept override { return {"memory", "direct", memory_.read_back_proves}; }

 private:
  static tl::unexpected<IoError> failed(int code, std::uint64_t offset) {
    return tl::unexpected(IoError{code, "memory", offset});
  }

  static std::vector<std::size_t> places(std::uint64_t offset, std::size_t size) {
    std::vector<std::size_t> out;
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      if (offset_of(place) >= offset && offset_of(place) < offset + size) out.push_back(place);
    }
    return out;
  }

  Memory& memory_;
};

class MemoryDirectory : public io::Directory {
 public:
  explicit MemoryDirectory(Memory& memory) : memory_(memory) {}

  IoResult<std::unique_ptr<io::File>> open(io::Access /*access*/) override {
    if (memory_.file.empty()) return tl::unexpected(IoError{ENOENT, "open", 0});
    return file_on(memory_);
  }
  IoResult<std::unique_ptr<io::File>> create() override { return file_on(memory_); }
  IoResult<void> link(io::File& /*created*/) override { return {}; }
  IoResult<void> exchange(io::File& /*created*/, const std::string& /*keep_as*/) override {
    return tl::unexpected(IoError{ENOTSUP, "exchange", 0});
  }
  IoResult<void> sync() override { return {}; }
  IoResult<bool> names(io::File& /*file*/) override { return true; }
  IoResult<bool> locked(io::File& /*file*/) override { return false; }

 private:
  Memory& memory_;
};

}  // namespace

std::string Memory::told() {
  std::string out;
  for (const std::string& word : log) out += (out.empty() ? "" : " ") + word;
  log.clear();
  return out;
}

std::unique_ptr<io::File> file_on(Memory& memory) { return std::make_unique<MemoryFile>(memory); }

Environment environment_on(Memory& memory) {
  Environment out;
  out.directory = std::make_unique<MemoryDirectory>(memory);
  out.path = "/memory";
  out.new_id = [n = std::uint64_t{0}]() mutable { return numbered(++n); };
  out.wall_clock = [n = std::int64_t{0}]() mutable { return ++n; };
  out.steady_clock = [] { return std::chrono::steady_clock::time_point{}; };
  return out;
}

}  // namespace storemark::test
