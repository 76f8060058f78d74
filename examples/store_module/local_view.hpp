// SPDX-License-Identifier: Apache-2.0
// Who is in the cluster. A broker learns this from its group communication, which tells every
// member the same; here the command line says it, and the members' data directories stand beside
// each other.
#pragma once

#include <filesystem>
#include <storemark/journal.hpp>
#include <string>
#include <vector>

namespace store_module {

/// The view of the members named, each by the name of its data directory; of this one alone if none
/// is. Its id is made from the view before it and its members, so that stores that lived through
/// the same views and go on together agree on it. (A group also puts every member's incarnation
/// in.) Throws JournalError, and std::runtime_error where a member's journal cannot be read.
[[nodiscard]] storemark::View local_view(const storemark::Journal& journal,
                                         const std::filesystem::path& directory,
                                         const std::vector<std::string>& names);

/// The name of a data directory, as it is used in a view.
[[nodiscard]] std::string name_of(const std::filesystem::path& directory);

}  // namespace store_module
