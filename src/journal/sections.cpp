// SPDX-License-Identifier: Apache-2.0
#include "journal/sections.hpp"

#include <algorithm>
#include <cstring>

#include "journal/bytes.hpp"
#include "text/utf8.hpp"

namespace storemark::codec {
namespace {

/// Appends to the area; remembers that it ran over instead of writing there.
class Packer {
 public:
  explicit Packer(std::span<std::byte> area) : area_(area) {}

  template <class Integer>
  void integer(Integer value) {
    if (take(sizeof value)) put(area_.data() + at_ - sizeof value, value);
  }
  void bytes(const void* data, std::size_t size) {
    if (take(size) && size > 0) std::memcpy(area_.data() + at_ - size, data, size);
  }
  void id(const Uuid& id) { bytes(id.bytes.data(), id.bytes.size()); }

  std::optional<std::size_t> used() {
    if (!fits_) return std::nullopt;
    std::fill(area_.begin() + static_cast<std::ptrdiff_t>(at_), area_.end(), std::byte{0});
    return at_;
  }

 private:
  bool take(std::size_t size) {
    fits_ = fits_ && size <= area_.size() - at_;
    if (fits_) at_ += size;
    return fits_;
  }

  std::span<std::byte> area_;
  std::size_t at_ = 0;
  bool fits_ = true;
};

/// Takes from the area; past its end gives zeros and remembers.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> area) : area_(area) {}

  template <class Integer>
  Integer integer() {
    const std::byte* from = take(sizeof(Integer));
    return from == nullptr ? Integer{0} : get<Integer>(from);
  }
  template <class Bytes16>
  Bytes16 id() {
    const std::byte* from = take(16);
    return from == nullptr ? Bytes16{} : get_bytes<Bytes16>(from);
  }
  const char* bytes(std::size_t size) { return reinterpret_cast<const char*>(take(size)); }

  bool ran_over() const { return ran_over_; }
  std::span<const std::byte> rest() const { return area_.subspan(at_); }

 private:
  const std::byte* take(std::size_t size) {
    if (ran_over_ || size > area_.size() - at_) {
      ran_over_ = true;
      return nullptr;
    }
    at_ += size;
    return area_.data() + at_ - size;
  }

  std::span<const std::byte> area_;
  std::size_t at_ = 0;
  bool ran_over_ = false;
};

template <class List, class Matches>
std::uint8_t index_of(const List& list, Matches matches) {
  const auto found = std::find_if(list.begin(), list.end(), matches);
  return found == list.end() ? layout::no_index
                             : static_cast<std::uint8_t>(std::distance(list.begin(), found));
}

void pack_compared(const Record& record, const Compared& entry, Packer& out) {
  const auto member = index_of(record.view.members, [&](auto& m) { return m.id == entry.id; });
  const auto view = index_of(record.history, [&](auto& h) { return h.view == entry.view; });
  out.integer(member);
  out.integer(view);
  out.integer(entry.sequence);
  if (member == layout::no_index) out.id(entry.id);
  if (view == layout::no_index) out.id(entry.view);
}

std::string_view unpack_compared(Record& record, Unpacker& in) {
  const auto member = in.integer<std::uint8_t>();
  const auto view = in.integer<std::uint8_t>();
  Compared entry;
  entry.sequence = in.integer<std::uint64_t>();
  if (member == layout::no_index) {
    entry.id = in.id<MemberId>();
  } else if (member < record.view.members.size()) {
    entry.id = record.view.members[member].id;
  } else {
    return "a compared store names a member that is not there";
  }
  if (view == layout::no_index) {
    entry.view = in.id<ViewId>();
  } else if (view < record.history.size()) {
    entry.view = record.history[view].view;
  } else {
    return "a compared store names a view that is not there";
  }
  record.compared.push_back(entry);
  return {};
}

std::string_view unpack_member(Record& record, Unpacker& in) {
  Member member;
  member.id = in.id<MemberId>();
  member.sequence = in.integer<std::uint64_t>();
  const std::size_t size = in.integer<std::uint8_t>();
  if (size > max_label_bytes) return "a member's label is too long";
  if (const char* label = in.bytes(size)) member.label.assign(label, size);
  if (!is_utf8(member.label)) return "a member's label is not UTF-8";
  record.view.members.push_back(std::move(member));
  return {};
}

}  // namespace

std::optional<std::size_t> pack_sections(const Record& record, std::span<std::byte> area) {
  Packer out(area);
  for (const Member& member : record.view.members) {
    out.id(member.id);
    out.integer(member.sequence);
    out.integer(static_cast<std::uint8_t>(member.label.size()));
    out.bytes(member.label.data(), member.label.size());
  }
  for (const HistoryEntry& entry : record.history) {
    out.id(entry.view);
    out.integer(entry.from);
    out.integer(entry.members);
  }
  for (const Compared& entry : record.compared) pack_compared(record, entry, out);
  out.bytes(record.reason.data(), record.reason.size());
  out.bytes(record.payload.data(), record.payload.size());
  return out.used();
}

std::string_view unpack_sections(std::span<const std::byte> area, const SectionCounts& counts,
                                 bool check_rest, Record& record) {
  Unpacker in(area);
  for (std::size_t i = 0; i < counts.members && !in.ran_over(); ++i) {
    if (auto wrong = unpack_member(record, in); !wrong.empty()) return wrong;
  }
  for (std::size_t i = 0; i < counts.history && !in.ran_over(); ++i) {
    HistoryEntry entry;
    entry.view = in.id<ViewId>();
    entry.from = in.integer<std::uint64_t>();
    entry.members = in.integer<std::uint16_t>();
    record.history.push_back(entry);
  }
  for (std::size_t i = 0; i < counts.compared && !in.ran_over(); ++i) {
    if (auto wrong = unpack_compared(record, in); !wrong.empty()) return wrong;
  }
  if (const char* text = in.bytes(counts.reason)) record.reason.assign(text, counts.reason);
  if (const char* data = in.bytes(counts.payload)) {
    record.payload.assign(data, data + counts.payload);
  }
  if (!is_utf8(record.reason)) return "the reason is not UTF-8";
  if (in.ran_over()) return "the sections run over the end of the area";
  if (check_rest && !all_zero(in.rest())) return "bytes after the sections are not zero";
  return {};
}

}  // namespace storemark::codec
