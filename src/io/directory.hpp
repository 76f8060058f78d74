// SPDX-License-Identifier: Apache-2.0
// The other half of the seam: the names in the data directory.
#pragma once

#include <memory>
#include <string>

#include "io/file.hpp"

namespace storemark::io {

enum class Access : std::uint8_t {
  read_only,   ///< changes nothing, takes no lock
  read_write,  ///< takes the lock; EWOULDBLOCK where another holds it
};

class Directory {
 public:
  Directory() = default;
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  virtual ~Directory() = default;

  /// Opens the journal's file. ENOENT where there is none; ELOOP, EISDIR or ENXIO where something
  /// that is no regular file stands in its place; ESTALE where the name came to denote another file
  /// meanwhile.
  [[nodiscard]] virtual IoResult<std::unique_ptr<File>> open(Access access) = 0;
  /// A new, empty, locked file that has no name yet, or one of its own.
  [[nodiscard]] virtual IoResult<std::unique_ptr<File>> create() = 0;
  /// Gives a created file the journal's name. Never replaces: EEXIST.
  [[nodiscard]] virtual IoResult<void> link(File& created) = 0;
  /// Gives a created file the journal's name, and the file that had it the name `keep_as`. At every
  /// moment the journal's name denotes one of the two.
  [[nodiscard]] virtual IoResult<void> exchange(File& created, const std::string& keep_as) = 0;
  /// The names are durable on return, and the directory's own name if it was made here.
  [[nodiscard]] virtual IoResult<void> sync() = 0;
  /// Whether the journal's name still denotes this file.
  [[nodiscard]] virtual IoResult<bool> names(File& file) = 0;
  /// Whether someone else holds the lock of a file that was opened here. Takes none.
  [[nodiscard]] virtual IoResult<bool> locked(File& file) = 0;
};

}  // namespace storemark::io
