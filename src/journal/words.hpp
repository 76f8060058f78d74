// SPDX-License-Identifier: Apache-2.0
// What an operator's word makes of a journal that was looked at and not settled yet. Nothing is
// written here.
#pragma once

#include <storemark/operator.hpp>

namespace storemark {

class Core;

/// As mark_clean(), without the backup, the audit log and the writing.
[[nodiscard]] Result<Record> marked_record(Core& core, const MarkRequest& request);
/// As discard().
[[nodiscard]] Result<Record> discarded_record(Core& core, const WordRequest& request);
/// Whether `before` is what the word that stands on `now` was given on, and not some earlier
/// word's. The word is one record, and an open after it may have written one or two more; to give a
/// word anew takes four at least, or leaves another view.
[[nodiscard]] bool stood_before_word(const Record& before, const Record& now);
/// The record as it would be had the word not been given; `before` is what it was given on.
[[nodiscard]] Record record_without_word(const Record& now, const Record& before);

}  // namespace storemark
