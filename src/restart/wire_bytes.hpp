// SPDX-License-Identifier: Apache-2.0
// Bodies of messages, written and read: what wire.cpp and wire_announce.cpp share.
#pragma once

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstring>
#include <limits>
#include <span>
#include <storemark/ids.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "restart/wire_layout.hpp"

namespace storemark::wire {

using layout::Field;

/// A number that does not fit becomes the largest, which is beyond every bound: never a small one.
template <class Narrow>
Narrow saturated(std::size_t size) {
  return static_cast<Narrow>(std::min<std::size_t>(size, std::numeric_limits<Narrow>::max()));
}

/// Appends; fixed fields in their order, then the packed ones.
class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out), begin_(out.size()) {}

  template <class Integer>
  void integer(Integer value) {
    boost::endian::native_to_little_inplace(value);
    bytes(&value, sizeof value);
  }
  void id(const Uuid& id) { bytes(id.bytes.data(), id.bytes.size()); }
  void bytes(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    out_.insert(out_.end(), from, from + size);
  }
  void text(std::string_view text) { bytes(text.data(), text.size()); }
  void zeros(std::size_t size) { out_.insert(out_.end(), size, 0); }
  [[nodiscard]] std::size_t written() const noexcept { return out_.size() - begin_; }

 private:
  std::vector<std::uint8_t>& out_;
  std::size_t begin_;
};

/// Fixed fields by name; the packed ones front to back. Past the end it gives zeros and remembers.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> body) : body_(body) {}

  /// The field must lie within the body.
  template <class Integer>
  [[nodiscard]] Integer integer(const Field& field) const {
    return from_little<Integer>(body_.data() + field.offset);
  }
  template <class IdType>
  [[nodiscard]] IdType id(const Field& field) const {
    return id_at<IdType>(body_.data() + field.offset);
  }
  [[nodiscard]] bool is_zero(const Field& field) const {
    return std::ranges::all_of(body_.subspan(field.offset, field.size),
                               [](std::uint8_t byte) { return byte == 0; });
  }

  void go_to(std::size_t at) { at_ = at; }
  template <class Integer>
  [[nodiscard]] Integer next() {
    const std::uint8_t* from = take(sizeof(Integer));
    return from == nullptr ? Integer{0} : from_little<Integer>(from);
  }
  template <class IdType>
  [[nodiscard]] IdType next_id() {
    const std::uint8_t* from = take(16);
    return from == nullptr ? IdType{} : id_at<IdType>(from);
  }
  [[nodiscard]] std::string next_text(std::size_t size) {
    const std::uint8_t* from = take(size);
    return from == nullptr ? std::string() : std::string(from, from + size);
  }
  [[nodiscard]] bool ran_over() const noexcept { return ran_over_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == body_.size(); }

 private:
  template <class Integer>
  static Integer from_little(const std::uint8_t* at) {
    Integer value;
    std::memcpy(&value, at, sizeof value);
    return boost::endian::little_to_native(value);
  }
  template <class IdType>
  static IdType id_at(const std::uint8_t* at) {
    Uuid uuid;
    std::memcpy(uuid.bytes.data(), at, uuid.bytes.size());
    return IdType(uuid);
  }
  const std::uint8_t* take(std::size_t size) {
    if (ran_over_ || size > body_.size() - at_) {
      ran_over_ = true;
      return nullptr;
    }
    at_ += size;
    return body_.data() + at_ - size;
  }

  std::span<const std::uint8_t> body_;
  std::size_t at_ = 0;
  bool ran_over_ = false;
};

}  // namespace storemark::wire
