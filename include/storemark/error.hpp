// SPDX-License-Identifier: Apache-2.0
// What can go wrong, each with a stable id, and the result type that carries it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace storemark {

/// Every way a call of this library can fail. The numbers are stable: `storemark explain ID` has a
/// page for each, and error_id() gives the ID.
enum class Errc : std::uint16_t {
  // Asked wrongly; nothing was touched.
  invalid_argument = 101,
  sequence_goes_down = 102,
  jump_too_large = 103,
  not_reserved = 104,
  not_founded = 105,
  id_fixed = 106,
  wrong_state = 107,
  permit_outstanding = 108,
  permit_revoked = 109,
  record_full = 110,
  used_after_fork = 111,
  changed_since = 112,
  nothing_to_undo = 113,
  unproven = 114,
  // What was found; nothing was lost.
  store_lost = 201,
  store_hollow = 202,
  journal_damaged = 203,
  journal_future = 204,
  not_a_journal = 205,
  journal_absent = 206,
  journal_exists = 207,
  discard_only = 208,
  // The system said no.
  in_use = 301,
  no_permission = 302,
  read_only_filesystem = 303,
  no_space = 304,
  io_failed = 305,
  directory_missing = 306,
  file_replaced = 307,
  poisoned = 308,
  not_durable = 309,
  // What the cluster said; the store is as it was.
  message_too_long = 401,
  group_lost = 402,
  group_refused = 403,
  member_refused = 404,
  not_active = 405,
  cancelled = 406,
  update_failed = 407,
  broker_failed = 408,
};

/// What failed, where, why, and what to do about it; each a plain sentence without a full stop.
struct [[nodiscard]] Error {
  Errc code{};
  std::string what;   ///< what was attempted and did not happen
  std::string where;  ///< the path, slot or argument
  std::string why;    ///< the cause
  std::string todo;   ///< what the reader can do next
  int os_error = 0;   ///< errno, where the system gave one, else 0
};

/// The value, or why there is none. Nothing in this library throws across its API, save
/// std::bad_alloc.
template <class T>
using Result = tl::expected<T, Error>;

/// One entry of the catalogue of errors and rules.
struct Explanation {
  Errc code{};
  std::string_view id;       ///< for example "SM203"
  std::string_view name;     ///< for example "journal_damaged"
  std::string_view summary;  ///< one line
  std::string_view page;     ///< a few paragraphs: what it means, why, what to do
};

/// The stable id of an error, for example "SM203"; static storage.
[[nodiscard]] std::string_view error_id(Errc code) noexcept;
/// The name of an error as it is spelt in Errc; static storage.
[[nodiscard]] std::string_view error_name(Errc code) noexcept;
/// All explanations, ordered by id; static storage.
[[nodiscard]] std::span<const Explanation> explanations() noexcept;
/// The error in one line: "SM203 what (where): why; todo".
[[nodiscard]] std::string to_string(const Error& error);

}  // namespace storemark
