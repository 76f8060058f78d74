// SPDX-License-Identifier: Apache-2.0
// From the library's results to this program's exceptions.
#pragma once

#include <stdexcept>
#include <storemark/error.hpp>
#include <type_traits>
#include <utility>

namespace store_module {

/// The journal said no.
class JournalError : public std::runtime_error {
 public:
  explicit JournalError(const storemark::Error& error)
      : std::runtime_error(to_string(error)), code_(error.code) {}
  [[nodiscard]] storemark::Errc code() const noexcept { return code_; }

 private:
  storemark::Errc code_;
};

/// The value of a result, or a JournalError.
template <class T>
T must(storemark::Result<T>&& result) {
  if (!result) throw JournalError(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace store_module
