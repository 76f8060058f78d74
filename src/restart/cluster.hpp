// SPDX-License-Identifier: Apache-2.0
// Who is there, in the order that decides: what every rule looks at.
#pragma once

#include <span>
#include <storemark/restart.hpp>
#include <string>
#include <vector>

namespace storemark::restart {

using Members = std::vector<const Announcement*>;

/// By id, so that nothing depends on who spoke first.
[[nodiscard]] Members in_order(std::span<const Announcement> members);

// Each member is one of these five, or transient.
/// Lost, hollow, damaged or future: rule R14.
[[nodiscard]] bool is_unfit(const Announcement& member) noexcept;
[[nodiscard]] bool is_empty(const Announcement& member) noexcept;
/// Half another's, or given up by an operator: never a source.
[[nodiscard]] bool is_given_up(const Announcement& member) noexcept;
[[nodiscard]] bool is_clean(const Announcement& member) noexcept;
[[nodiscard]] bool is_dirty(const Announcement& member) noexcept;
[[nodiscard]] inline bool is_transient(const Announcement& member) noexcept {
  return member.kind == MemberKind::transient;
}

template <class Is>
Members those(const Members& members, Is is) {
  Members out;
  for (const Announcement* member : members) {
    if (is(*member)) out.push_back(member);
  }
  return out;
}

/// Those who share an id or an incarnation with another.
[[nodiscard]] Members twins(const Members& members);

/// The store that holds most, as far as the numbers say; null where there is none.
[[nodiscard]] const Announcement* newest(const Members& members);
/// The members of the last view of `newest` that are not here, with the last that anyone knows.
[[nodiscard]] std::vector<MissingMember> missing_from(const Announcement& newest,
                                                      const Members& members);

/// The mark of `by` was compared with this store as it stands.
[[nodiscard]] bool was_compared(const Announcement& by, const Announcement& store);

/// How much of it the other has, where it is ahead or diverged.
[[nodiscard]] std::uint64_t kept_of(const Announcement& member, const Comparison& to);
/// All that it holds beyond the other it applied in one view, before it lost the quorum: too few
/// had it for any client to be answered. `to` is how it lies to the other.
[[nodiscard]] bool has_only_unanswered_more(const Announcement& member, const Comparison& to);

// --- words
// ----------------------------------------------------------------------------------------

/// Its label, or the first digits of its id.
[[nodiscard]] std::string name_of(const Announcement& member);
[[nodiscard]] std::string name_of(const MissingMember& member);
[[nodiscard]] std::string short_id(const Uuid& id);
/// "a, b and c".
[[nodiscard]] std::string names_of(const Members& members);
/// What is not disproven of a store that is behind; empty where all is.
[[nodiscard]] std::string doubt_text(const Comparison& to);
/// "1000", "1000 to 1010", "1000 or more".
[[nodiscard]] std::string sequence_of(const Announcement& member);

}  // namespace storemark::restart
