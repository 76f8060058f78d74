// SPDX-License-Identifier: Apache-2.0
#include "stores.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "journal/layout.hpp"

namespace storemark::cli_test {
namespace {

namespace fs = std::filesystem;

/// The value, or the end of the test.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

fs::path journal_of(const std::string& directory) {
  return fs::path(directory) / journal_file_name;
}

void overwrite(const std::string& directory, std::uint64_t at, const std::string& bytes) {
  std::fstream file(journal_of(directory), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + directory);
}

}  // namespace

StoresTest::StoresTest() {
  std::string name = (fs::temp_directory_path() / "storemark.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
}

StoresTest::~StoresTest() { fs::remove_all(root_); }

std::string StoresTest::make(const std::string& name,
                             const std::function<void(Journal&)>& live) const {
  fs::create_directories(path(name));
  Journal journal = must(Journal::open(path(name), {StoreContent::holds_nothing, {}, {}}));
  live(journal);
  return path(name);
}

Result<Journal> StoresTest::open(const std::string& directory, std::uint64_t sequence) {
  return Journal::open(directory, {StoreContent::holds_data, {}, sequence});
}

std::string StoresTest::empty(const std::string& name) const {
  return make(name, [](Journal&) {});
}

std::string StoresTest::dirty(const std::string& name, std::uint64_t n,
                              const std::optional<View>& view) const {
  return make(name, [&](Journal& journal) {
    must(journal.found(cluster_));
    WritePermit permit = must(journal.activate(view.value_or(view_), 0));
    must(permit.write_sequence(n));
  });
}

std::string StoresTest::dirty_between(const std::string& name, std::uint64_t floor,
                                      std::uint64_t ceiling) const {
  return make(name, [&](Journal& journal) {
    must(journal.found(cluster_));
    WritePermit permit = must(journal.activate(view_, 0));
    must(permit.write_sequence(floor));
    must(permit.reserve(ceiling));
  });
}

std::string StoresTest::clean(const std::string& name, std::uint64_t n,
                              const std::optional<StoreTag>& tag) const {
  return make(name, [&](Journal& journal) {
    must(journal.found(cluster_));
    WritePermit permit = must(journal.activate(view_, 0));
    must(permit.write_sequence(n));
    must(journal.mark_clean(std::move(permit), {final_, n, tag, false}));
  });
}

std::string StoresTest::updating(const std::string& name, std::uint64_t target) const {
  return make(name, [&](Journal& journal) {
    must(journal.found(cluster_));
    const UpdatePermit permit = must(journal.begin_update(MemberId{new_uuid()}, target));
  });
}

std::string StoresTest::clone(const std::string& name, const std::string& of) const {
  fs::copy(of, path(name), fs::copy_options::recursive);
  return path(name);
}

void StoresTest::flip_bit(const std::string& directory, unsigned slot, unsigned byte) {
  const std::uint64_t at = layout::slot_offset(slot) + byte;
  std::ifstream file(journal_of(directory), std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  overwrite(directory, at, {static_cast<char>(file.get() ^ 1)});
}

void StoresTest::zero(const std::string& directory, unsigned slot) {
  overwrite(directory, layout::slot_offset(slot), std::string(layout::slot_bytes, '\0'));
}

std::string StoresTest::bytes(const std::string& directory) {
  std::ifstream file(journal_of(directory), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Examination StoresTest::examined(const std::string& directory) { return must(examine(directory)); }

}  // namespace storemark::cli_test
