// SPDX-License-Identifier: Apache-2.0
// What came between two configuration items, and the round in it; and what its Hellos say about
// older segments. Pure.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "group/corosync/hello_codec.hpp"

namespace storemark::corosync_group {

/// One data message.
struct Datum {
  /// How many raw messages came before it in its segment; `beyond` where it came after the segment.
  std::uint64_t at = 0;
  Address from;
  Bytes message;

  static constexpr std::uint64_t beyond = std::numeric_limits<std::uint64_t>::max();
  [[nodiscard]] std::size_t cost() const noexcept { return sizeof(Datum) + message.size(); }
};

/// A stretch, and the segment that it begins with, by serial.
struct Past {
  std::uint64_t serial = 0;
  Stretch stretch;
};

class Segment {
 public:
  struct Begin {
    std::uint64_t serial = 0;  ///< counts the segments of this process
    std::uint64_t epoch = 0;   ///< counts the rings of this process
    RingId ring;
    std::vector<Address> members;
    std::vector<Past> past;  ///< what was pending when the ring began, newest first
  };
  explicit Segment(Begin begin);

  /// Any message at all is counted, before it is looked at.
  void count(Address from, ByteView raw);
  /// The message counted last is data; or of the bundle that it is, the next.
  void keep(Address from, ByteView message);
  /// The message counted last is this Hello. Whether it is the one that counts: its sender's first,
  /// for this ring.
  bool choose(Address from, const Hello& hello);
  /// The message counted last is an Agree to these Hellos. It counts where they are those that
  /// count here, and all are there; and once.
  void agree(Address from, const std::vector<Counted>& to);
  /// The message counted last puts this one out, for want of that message. False: it is no member,
  /// or is out already, or has said it; or it is too early for an Agree.
  bool strike(Address who, MessageType missing);
  /// `later` followed, and can never have got its view.
  void absorb(Segment&& later);

  /// Its Hello, or where all Hellos are there its Agree.
  [[nodiscard]] bool awaits(Address who) const;
  [[nodiscard]] bool is_in(Address who) const;  ///< a member, and not struck
  /// The Hello of everybody has come who was not struck before; it stays so.
  [[nodiscard]] bool is_full() const noexcept { return full_; }
  [[nodiscard]] std::vector<Counted> counted() const;

  std::uint64_t serial;
  std::uint64_t epoch;
  RingId ring;
  std::vector<Address> members;  ///< ascending
  std::vector<Past> past;

  std::uint64_t items = 0;    ///< raw messages, without those of what was absorbed
  std::uint64_t certain = 0;  ///< of these, from the beginning
  std::uint64_t digest = 0;   ///< of all raw messages, also of what was absorbed
  std::deque<Datum> data;     ///< not yet handed over
  std::map<Address, Hello> hellos;
  std::set<Address> struck;
  std::set<Address> agreed;
  /// How many items there were when the last Agree had come, or the last one without was struck.
  std::optional<std::uint64_t> complete_at;

 private:
  void see_how_far();

  bool full_ = false;
};

/// How many items of `older` the processes of the round in `round` are known to share, as far as
/// their logs are this one's from `older` on: as many as the one among them who knows most is
/// certain of.
[[nodiscard]] std::uint64_t shared_up_to(const Segment& round, const Segment& older);
/// Whether that process says in `round` that its log is this one's from `older` up to the ring.
[[nodiscard]] bool shares(const Segment& round, const Segment& older, Address who);

}  // namespace storemark::corosync_group
