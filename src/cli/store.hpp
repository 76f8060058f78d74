// SPDX-License-Identifier: Apache-2.0
// One STORE of the command line, looked at; and what can be said of it alone.
#pragma once

#include <cstddef>
#include <optional>
#include <storemark/examine.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_status.hpp"

namespace storemark::cli {

struct Store {
  std::string name;        ///< as the operator spelt it
  std::string directory;   ///< absolute; on `host`, where that is not empty
  std::string host;        ///< empty: this one
  std::string file;        ///< the saved answer that this was read from, or empty
  std::string saved_at;    ///< and when that was, RFC 3339
  std::string address;     ///< how it is named on another host: HOST:DIR, or the saved answer
  std::size_t others = 0;  ///< other entries of a directory that has no journal
  std::optional<std::string> audit{};     ///< its audit log, where a command asked for it
  std::optional<std::string> evidence{};  ///< what collect found beside it, as JSON; likewise
  Result<Examination> seen;
};

/// How it is spelt in a command that runs where it is.
[[nodiscard]] const std::string& local_name(const Store& store) noexcept;

/// What stands in the state column: a state, a diagnosis, or "missing" for a store that cannot be
/// reached.
[[nodiscard]] std::string state_word(const Store& store);

/// The same for programs: a state, a diagnosis, or "missing".
[[nodiscard]] std::string_view state_name(const Store& store) noexcept;

/// The journal says something, and it can be believed: a state, not a diagnosis.
/// Its journal proves that the store has not one event: none was counted, and none allowed. Then
/// its broker announces it as empty, whatever state is recorded. (What an operator adopted may hold
/// events that nobody counted.)
[[nodiscard]] bool holds_no_event(const Store& store) noexcept;
/// Its journal has counted none, and does not prove it: if the store holds nothing, its broker
/// announces it as empty.
[[nodiscard]] bool may_hold_no_event(const Store& store) noexcept;

[[nodiscard]] bool is_readable(const Store& store) noexcept;

/// The slots that hold no valid record of this journal. A torn slot is among them: a power cut may
/// have left it, but so may a failing medium, and nobody can tell the two apart.
[[nodiscard]] std::vector<std::size_t> bad_slots(const Examination& seen);
/// Likewise of the founding record's copies; none where there is no journal to have them.
[[nodiscard]] std::vector<std::size_t> bad_anchors(const Examination& seen);

/// safe, needs_operator or damaged.
[[nodiscard]] ExitStatus finding(const Store& store);

/// What an operator should know beyond the row, a sentence each.
[[nodiscard]] std::vector<std::string> remarks(const Store& store);

}  // namespace storemark::cli
