// SPDX-License-Identifier: Apache-2.0
// What the four commands share by which an operator gives a word on a store, or takes it back.
#pragma once

#include <storemark/operator.hpp>
#include <string>

#include "cli/output.hpp"

namespace storemark::cli {

/// Prints what was done, or why not. `word` is the command's name, `directory` as it was typed.
ExitStatus tell(const std::string& word, const std::string& directory,
                const Result<WordGiven>& given, Format format);

}  // namespace storemark::cli
