// SPDX-License-Identifier: Apache-2.0
// Making a whole new journal file: real zeros, a sync, the record in every slot and anchor, a sync;
// only then does it get its name.
#pragma once

#include <memory>
#include <storemark/record.hpp>
#include <string>

#include "journal/environment.hpp"
#include "journal/slot_file.hpp"

namespace storemark {

/// A file without its name yet, complete and synced, holding `record` everywhere.
[[nodiscard]] Result<std::unique_ptr<SlotFile>> make_file(Environment& environment,
                                                          const Record& record);

/// The first record of a new journal: empty, generation 1, fresh ids.
[[nodiscard]] Record first_record(const Environment& environment);

/// Makes the journal of a store that has none; the name is durable on return. Errors also:
/// journal_exists.
[[nodiscard]] Result<std::unique_ptr<SlotFile>> create_journal(Environment& environment,
                                                               const Record& record);

}  // namespace storemark
