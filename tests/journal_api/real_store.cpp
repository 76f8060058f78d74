// SPDX-License-Identifier: Apache-2.0
#include "journal_api/real_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "io/descriptor.hpp"
#include "journal/bytes.hpp"
#include "journal/layout.hpp"

namespace storemark::real {
namespace {

/// More is not read into memory: a test of a huge file looks at size and times.
constexpr ::off_t moderate_size = ::off_t{1} << 20;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

testing::AssertionResult is_error(const Error& error, Errc code) {
  if (error.code != code) {
    return testing::AssertionFailure() << to_string(error) << "; expected " << error_name(code);
  }
  if (error.what.empty() || error.where.empty() || error.why.empty() || error.todo.empty()) {
    return testing::AssertionFailure() << to_string(error) << ": says too little";
  }
  return testing::AssertionSuccess();
}

void PrintTo(const FileImage& image, std::ostream* out) {
  *out << "{mode " << std::oct << image.mode << std::dec << ", inode " << image.inode << ", size "
       << image.size << ", modified " << image.modified << ", changed " << image.changed
       << ", hash of bytes " << std::hash<std::string>{}(image.bytes) << "}";
}

FileImage image_of(const fs::path& file) {
  struct stat stat {};
  if (::lstat(file.c_str(), &stat) != 0) throw std::runtime_error("no " + file.string());
  FileImage image{stat.st_mode,
                  stat.st_ino,
                  stat.st_size,
                  nanoseconds(stat.st_mtim),
                  nanoseconds(stat.st_ctim),
                  {}};
  if (S_ISREG(stat.st_mode) && stat.st_size <= moderate_size) image.bytes = bytes_of(file);
  return image;
}

DirectoryImage images_in(const fs::path& directory) {
  DirectoryImage images;
  for (const auto& entry : fs::directory_iterator(directory)) {
    images.emplace(entry.path().filename().string(), image_of(entry.path()));
  }
  return images;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

testing::AssertionResult same_bytes(const std::string& a, const std::string& b) {
  if (a == b) return testing::AssertionSuccess();
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return testing::AssertionFailure()
         << a.size() << " and " << b.size() << " bytes, which differ from byte "
         << differ - a.begin() << " on";
}

void write_file(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

void overwrite(const fs::path& file, std::uint64_t at, std::string_view bytes) {
  const io::Descriptor fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  const auto size = static_cast<ssize_t>(bytes.size());
  if (::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(at)) != size ||
      ::fsync(fd.get()) != 0) {
    throw std::runtime_error("cannot write " + file.string());
  }
}

TempDirectory::TempDirectory() {
  std::string name = (fs::temp_directory_path() / "storemark.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

View view_of(std::size_t members) {
  View view{ViewId{new_uuid()}, {}};
  for (std::size_t i = 0; i < members; ++i) {
    view.members.push_back({MemberId{new_uuid()}, "member-" + std::to_string(i), i});
  }
  return view;
}

StoreFacts nothing() { return {StoreContent::holds_nothing, {}, {}}; }

StoreFacts data(std::optional<std::uint64_t> sequence, std::optional<StoreTag> tag) {
  return {StoreContent::holds_data, std::move(tag), sequence};
}

StoreTag tag_of(std::string_view text) { return {{text.begin(), text.end()}}; }

Options with_mode(DurableWrite mode) {
  Options options;
  options.durable_write = mode;
  return options;
}

unsigned slots_with(const Examination& seen, SlotHealth health) {
  unsigned count = 0;
  for (const SlotReport& slot : seen.slots) count += slot.health == health ? 1 : 0;
  return count;
}

RealStore::Live RealStore::activated(const Options& options, std::uint64_t sequence) const {
  Journal journal = must(open(nothing(), options));
  must(journal.found(cluster_));
  WritePermit permit = must(journal.activate(view_of(), sequence));
  return {std::move(journal), std::move(permit)};
}

void RealStore::leave_empty() const { static_cast<void>(must(open(nothing()))); }

void RealStore::leave_founded() const { must(must(open(nothing())).found(cluster_)); }

void RealStore::leave_dirty(std::uint64_t sequence) const {
  Live live = activated();
  must(live.permit.write_sequence(sequence));
}

void RealStore::leave_between(std::uint64_t floor, std::uint64_t ceiling) const {
  Live live = activated();
  must(live.permit.write_sequence(floor));
  must(live.permit.reserve(ceiling));
}

void RealStore::leave_clean(std::uint64_t sequence, std::optional<StoreTag> tag) const {
  Live live = activated();
  must(live.journal.mark_clean(std::move(live.permit),
                               {FinalUuid{new_uuid()}, sequence, std::move(tag), false}));
}

void RealStore::leave_updating(std::uint64_t held, std::uint64_t target) const {
  Live live = activated();
  must(live.permit.write_sequence(held));
  { const WritePermit dropped = std::move(live.permit); }
  const UpdatePermit update = must(live.journal.begin_update(MemberId{new_uuid()}, target));
}

void RealStore::zero_slot(std::size_t slot) const {
  overwrite(file(), layout::slot_offset(slot), std::string(layout::slot_bytes, '\0'));
}

void RealStore::flip_bit(std::size_t slot, std::size_t byte) const {
  const std::uint64_t at = layout::slot_offset(slot) + byte;
  overwrite(file(), at, std::string(1, static_cast<char>(bytes_of(file()).at(at) ^ 1)));
}

void RealStore::zero_all_slots_and_anchors() const {
  write_file(file(), std::string(layout::file_bytes, '\0'));
}

void RealStore::make_future() const {
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const std::uint64_t at = layout::slot_offset(slot);
    std::string envelope = bytes_of(file()).substr(at, layout::envelope_check.end());
    envelope.at(layout::incompat.offset) = '\x80';
    const std::uint64_t check = XXH3_64bits(envelope.data(), layout::envelope_check.offset);
    std::array<std::byte, sizeof check> raw{};
    codec::put(raw.data(), check);
    std::memcpy(envelope.data() + layout::envelope_check.offset, raw.data(), raw.size());
    overwrite(file(), at, envelope);
  }
}

RealStoreTest::RealStoreTest(std::unique_ptr<TempDirectory> root)
    : RealStore(root->path() / "store"), root_(std::move(root)) {
  fs::create_directory(directory());
}

std::string name_of_mode(const testing::TestParamInfo<DurableWrite>& tested) {
  switch (tested.param) {
    case DurableWrite::direct:
      return "direct";
    case DurableWrite::buffered:
      return "buffered";
    default:
      return "automatic";
  }
}

}  // namespace storemark::real
