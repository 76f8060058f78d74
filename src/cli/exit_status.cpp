// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_status.hpp"

#include <algorithm>
#include <array>

namespace storemark::cli {
namespace {

struct Row {
  Errc code;
  ExitStatus status;
};

constexpr std::array table{
    Row{Errc::invalid_argument, ExitStatus::usage},
    Row{Errc::sequence_goes_down, ExitStatus::refused},
    Row{Errc::jump_too_large, ExitStatus::refused},
    Row{Errc::not_reserved, ExitStatus::refused},
    Row{Errc::not_founded, ExitStatus::refused},
    Row{Errc::id_fixed, ExitStatus::refused},
    Row{Errc::wrong_state, ExitStatus::refused},
    Row{Errc::permit_outstanding, ExitStatus::in_use},
    Row{Errc::permit_revoked, ExitStatus::failure},
    Row{Errc::record_full, ExitStatus::refused},
    Row{Errc::used_after_fork, ExitStatus::failure},
    Row{Errc::changed_since, ExitStatus::changed},
    Row{Errc::nothing_to_undo, ExitStatus::refused},
    Row{Errc::unproven, ExitStatus::refused},
    Row{Errc::store_lost, ExitStatus::damaged},
    Row{Errc::store_hollow, ExitStatus::damaged},
    Row{Errc::journal_damaged, ExitStatus::damaged},
    Row{Errc::journal_future, ExitStatus::damaged},
    Row{Errc::not_a_journal, ExitStatus::damaged},
    Row{Errc::journal_absent, ExitStatus::refused},
    Row{Errc::journal_exists, ExitStatus::refused},
    Row{Errc::discard_only, ExitStatus::refused},
    Row{Errc::in_use, ExitStatus::in_use},
    Row{Errc::no_permission, ExitStatus::failure},
    Row{Errc::read_only_filesystem, ExitStatus::failure},
    Row{Errc::no_space, ExitStatus::failure},
    Row{Errc::io_failed, ExitStatus::failure},
    Row{Errc::directory_missing, ExitStatus::failure},
    Row{Errc::file_replaced, ExitStatus::changed},
    Row{Errc::poisoned, ExitStatus::failure},
    Row{Errc::not_durable, ExitStatus::failure},
    Row{Errc::message_too_long, ExitStatus::refused},
    Row{Errc::group_lost, ExitStatus::failure},
    Row{Errc::group_refused, ExitStatus::refused},
    Row{Errc::member_refused, ExitStatus::refused},
    Row{Errc::not_active, ExitStatus::refused},
    Row{Errc::cancelled, ExitStatus::failure},
    Row{Errc::update_failed, ExitStatus::failure},
    Row{Errc::broker_failed, ExitStatus::failure},
};

}  // namespace

ExitStatus exit_status(Errc code) noexcept {
  const auto* row = std::find_if(table.begin(), table.end(),
                                 [code](const Row& candidate) { return candidate.code == code; });
  return row == table.end() ? ExitStatus::failure : row->status;
}

ExitStatus graver(ExitStatus a, ExitStatus b) noexcept {
  return static_cast<int>(a) < static_cast<int>(b) ? b : a;
}

std::string_view exit_status_help() noexcept {
  return "Exit status:\n"
         "  0 yes, safe (also to look at a journal in use)   5 conflict\n"
         "  1 failure                                        6 damaged\n"
         "  2 asked wrongly                                  7 in use\n"
         "  3 wait                                           8 refused, or not confirmed\n"
         "  4 needs an operator                              9 changed since it was looked at\n"
         "Of several findings the gravest counts: 6, 5, 4, 3, 0. Damage never exits 0.";
}

}  // namespace storemark::cli
