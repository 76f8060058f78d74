// SPDX-License-Identifier: Apache-2.0
// The smallest honest use of the library: make a journal in the directory given, look at it.
#include <cstdio>
#include <filesystem>
#include <storemark/storemark.hpp>

namespace {

int complain(const storemark::Error& error) {
  std::fprintf(stderr, "%s\n", storemark::to_string(error).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path directory = argv[1];
  storemark::StoreFacts facts;
  facts.content = storemark::StoreContent::holds_nothing;
  const auto journal = storemark::Journal::open(directory, facts);
  if (!journal) return complain(journal.error());
  const auto seen = storemark::examine(directory);
  if (!seen) return complain(seen.error());
  std::printf("storemark %.*s: %.*s\n", static_cast<int>(storemark::version().size()),
              storemark::version().data(),
              static_cast<int>(storemark::to_string(seen->verdict.state).size()),
              storemark::to_string(seen->verdict.state).data());
  return seen->in_use && seen->verdict.state == storemark::StoreState::empty ? 0 : 1;
}
