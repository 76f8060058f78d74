// SPDX-License-Identifier: Apache-2.0
// Between this program's exceptions and the library's results, in both directions.
#pragma once

#include <exception>
#include <stdexcept>
#include <storemark/error.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace minibroker {

/// The library said no.
class LibraryError : public std::runtime_error {
 public:
  explicit LibraryError(const storemark::Error& error)
      : std::runtime_error(to_string(error)), code_(error.code) {}
  [[nodiscard]] storemark::Errc code() const noexcept { return code_; }

 private:
  storemark::Errc code_;
};

/// The value of a result, or a LibraryError.
template <class T>
T must(storemark::Result<T>&& result) {
  if (!result) throw LibraryError(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// What `work` returns, or an error that says what it threw: no call of the driver may throw.
template <class Work>
auto guarded(const char* what, const std::string& where, Work&& work)
    -> storemark::Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const std::exception& error) {
    return tl::unexpected(storemark::Error{storemark::Errc::broker_failed, what, where,
                                           error.what(), "see to the cause and start it again"});
  }
}

}  // namespace minibroker
